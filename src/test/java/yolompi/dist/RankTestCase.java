package yolompi.dist;

/**
 * A class with {@link RankTest} methods. The test process and every rank make an object of it, so it
 * needs a constructor without arguments. Ranks do not call methods with {@code @BeforeEach} and the like.
 *
 * @param <T> what all ranks open together, and all methods use
 */
public interface RankTestCase<T extends AutoCloseable> {
    /** Opens; collective. The communicator is closed by the caller. */
    T open(Communicator ranks);
}
