package yolompi.data;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The processes that pack a data set together; they see the same files. */
public interface PackTeam {
    /** Of this process, from 0. */
    int rank();

    int size();

    /**
     * Does something on each of them and hands every result to all, by rank; all call it in the
     * same order.
     *
     * @throws RuntimeException on all of them where any meets bad input
     */
    List<byte[]> gather(Supplier<byte[]> work);

    /** Does something on each of them and waits until all have. */
    default void all(Runnable work) {
        gather(() -> {
            work.run();
            return new byte[0];
        });
    }

    /** Has something removed when another of the processes fails and takes this one with it. */
    default void beforeEnd(Runnable lastAct) {}

    /** One process. */
    static PackTeam alone() {
        return new PackTeam() {
            @Override
            public int rank() {
                return 0;
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public List<byte[]> gather(Supplier<byte[]> work) {
                return List.of(work.get());
            }
        };
    }

    /** What of a list this process takes: every size-th. */
    default <T> List<T> share(List<T> all) {
        return IntStream.range(0, all.size())
                .filter(index -> index % size() == rank())
                .mapToObj(all::get)
                .toList();
    }
}
