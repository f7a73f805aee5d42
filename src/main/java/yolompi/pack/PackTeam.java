package yolompi.pack;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The processes that pack a data set together. All see the same files. */
public interface PackTeam {
    /** Rank of this process, from 0. */
    int rank();

    int size();

    /**
     * Runs the work on each process and returns the results of all, by rank. All processes must
     * call this in the same order.
     *
     * @throws RuntimeException on all processes if any has bad input
     */
    List<byte[]> gather(Supplier<byte[]> work);

    /** Runs the work on each process and waits until all are done. */
    default void all(Runnable work) {
        gather(() -> {
            work.run();
            return new byte[0];
        });
    }

    /** Registers a cleanup that runs if another process fails and ends this one. */
    default void beforeEnd(Runnable lastAct) {}

    /** A single process. */
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

    /** The items of a list that belong to this process: every size-th. */
    default <T> List<T> share(List<T> all) {
        return IntStream.range(0, all.size())
                .filter(index -> index % size() == rank())
                .mapToObj(all::get)
                .toList();
    }
}
