package yolompi.ranks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test method of a {@link RankTestCase} that every rank of a job calls, once for each size
 * in {@link WorldSizes}.
 *
 * <p>Its parameter is what the ranks have opened. A failed assertion on any rank fails the test.
 * With {@link OneProcess}, the method runs in the test process only.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(RankTestExtension.class)
public @interface RankTest {}
