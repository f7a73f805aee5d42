package yolompi.ranks;

import mpi.MPI;
import mpi.MPIException;

/**
 * A small MPI program for the launcher's own test: {@code hello WORD}, {@code hang} or
 * {@code fail}.
 */
final class RankProgram {
    private RankProgram() {}

    public static void main(String[] args) throws MPIException, InterruptedException {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        switch (args[0]) {
            case "hello" -> hello(rank, args[1]);
            case "hang" -> hang(rank);
            case "fail" -> fail(rank);
            default -> throw new IllegalArgumentException(args[0]);
        }
        MPI.Finalize();
    }

    private static void hello(int rank, String word) throws MPIException {
        int[] sum = {rank + 1};
        MPI.COMM_WORLD.allReduce(sum, 1, MPI.INT, MPI.SUM);
        System.out.println(word + " from rank " + rank + " of " + MPI.COMM_WORLD.getSize());
        System.err.println("sum " + sum[0] + ", threads " + System.getenv("OMP_NUM_THREADS"));
    }

    /** Rank 1 never enters the barrier in which rank 0 waits. */
    private static void hang(int rank) throws MPIException, InterruptedException {
        System.out.println("rank " + rank + " hangs");
        if (rank == 0) {
            MPI.COMM_WORLD.barrier();
        }
        Thread.sleep(Long.MAX_VALUE);
    }

    /** Rank 1 ends the JVM while rank 0 waits for it. */
    private static void fail(int rank) throws MPIException {
        if (rank == 1) {
            System.err.println("rank 1 fails");
            Runtime.getRuntime().halt(3);
        }
        MPI.COMM_WORLD.barrier();
    }
}
