package yolompi.dist;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method of a {@link RankTestCase} that every rank of a job calls, once for each size in {@link WorldSizes}. Its one parameter is what
 * the ranks have opened. A rank that finds an assertion false fails the test. With {@link OneProcess} the method runs in this process alone.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(RankTestExtension.class)
public @interface RankTest {}
