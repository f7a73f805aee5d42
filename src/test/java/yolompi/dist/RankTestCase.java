package yolompi.dist;

/**
 * A class with {@link RankTest} methods. The test process and every rank make an object of it, so it needs a constructor without arguments. Ranks call none of JUnit's
 * other methods, such as those with {@code @BeforeEach}.
 *
 * @param <T> what all ranks open together, and all methods use
 */
public interface RankTestCase<T extends AutoCloseable> {
    /** Opens; collective. The communicator is closed by the caller. */
    T open(Communicator ranks);
}
