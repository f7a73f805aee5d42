package yolompi.ranks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * World sizes for the {@link RankTest} methods of a class: one job for each size runs all methods.
 */
@Tag("mpi")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WorldSizes {
    int[] value();
}
