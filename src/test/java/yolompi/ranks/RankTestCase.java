package yolompi.ranks;

import yolompi.distributed.Communicator;

/**
 * A class with {@link RankTest} methods.
 *
 * <p>The test process and every rank create an instance, so it needs a constructor without
 * arguments. Ranks do not call methods with {@code @BeforeEach} or similar annotations.
 *
 * @param <T> what all ranks open together, and all methods use
 */
public interface RankTestCase<T extends AutoCloseable> {
    /** Opens it. Collective; the caller closes the communicator. */
    T open(Communicator ranks);
}
