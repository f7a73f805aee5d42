package yolompi.dist;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import yolompi.InputException;

/** Metadata over Open MPI's Java bindings. */
final class MpiCommunicator implements Communicator {
    /** Set for each rank by Open MPI's mpirun, and by launchers that speak PMIx, such as srun --mpi=pmix. */
    private static final List<String> LAUNCHER_VARIABLES = List.of("OMPI_COMM_WORLD_SIZE", "PMIX_RANK");

    private final Intracomm ranks;
    private final World world;

    private MpiCommunicator(Intracomm ranks, World world) {
        this.ranks = ranks;
        this.world = world;
    }

    /** Whether a launcher started this process as a rank. */
    static boolean launched() {
        Map<String, String> environment = System.getenv();
        return LAUNCHER_VARIABLES.stream().anyMatch(environment::containsKey);
    }

    static MpiCommunicator start() {
        try {
            // Worker threads never call MPI, but other libraries' threads run beside it.
            MPI.InitThread(new String[0], MPI.THREAD_SERIALIZED);
            Intracomm ranks = MPI.COMM_WORLD;
            String host = Host.name();
            List<String> hosts = gather(ranks, host.getBytes(StandardCharsets.UTF_8)).stream()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .toList();
            int rank = ranks.getRank();
            int localRank =
                    (int) hosts.subList(0, rank).stream().filter(host::equals).count();
            int localSize = (int) hosts.stream().filter(host::equals).count();
            return new MpiCommunicator(ranks, new World(rank, ranks.getSize(), localRank, localSize, host));
        } catch (MPIException e) {
            throw failed("start", e);
        } catch (UnsatisfiedLinkError e) {
            throw new InputException(
                    "Open MPI's Java library was not found: " + e.getMessage()
                            + "; run mpi/setup.sh, or put the folder of libmpi_java.so into LD_LIBRARY_PATH",
                    e);
        }
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        try {
            return gather(ranks, own);
        } catch (MPIException e) {
            throw failed("allGather", e);
        }
    }

    /** Through direct buffers: with Java arrays, Open MPI 4.1's allGatherv writes behind its own copy and corrupts the heap. */
    private static List<byte[]> gather(Intracomm ranks, byte[] own) throws MPIException {
        int size = ranks.getSize();
        IntBuffer lengths = MPI.newIntBuffer(size);
        ranks.allGather(MPI.newIntBuffer(1).put(0, own.length), 1, MPI.INT, lengths, 1, MPI.INT);
        int[] counts = new int[size];
        int[] offsets = new int[size];
        int total = 0;
        for (int rank = 0; rank < size; rank++) {
            counts[rank] = lengths.get(rank);
            offsets[rank] = total;
            total = Math.addExact(total, counts[rank]);
        }
        ByteBuffer all = MPI.newByteBuffer(total);
        ranks.allGatherv(direct(own), own.length, MPI.BYTE, all, counts, offsets, MPI.BYTE);
        List<byte[]> parts = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            byte[] part = new byte[counts[rank]];
            all.get(offsets[rank], part);
            parts.add(part);
        }
        return parts;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return MPI.newByteBuffer(bytes.length).put(0, bytes);
    }

    @Override
    public byte[] broadcast(byte[] fromFirst) {
        try {
            IntBuffer length = MPI.newIntBuffer(1).put(0, fromFirst.length);
            ranks.bcast(length, 1, MPI.INT, 0);
            byte[] bytes = world.isFirst() ? fromFirst : new byte[length.get(0)];
            ByteBuffer buffer = direct(bytes);
            ranks.bcast(buffer, bytes.length, MPI.BYTE, 0);
            buffer.get(0, bytes);
            return bytes;
        } catch (MPIException e) {
            throw failed("broadcast", e);
        }
    }

    @Override
    public double[] sum(double... values) {
        try {
            DoubleBuffer buffer = MPI.newDoubleBuffer(values.length).put(0, values);
            ranks.allReduce(buffer, values.length, MPI.DOUBLE, MPI.SUM);
            double[] sums = new double[values.length];
            buffer.get(0, sums);
            return sums;
        } catch (MPIException e) {
            throw failed("sum", e);
        }
    }

    @Override
    public void abort(int exitCode) {
        try {
            ranks.abort(exitCode);
        } catch (MPIException e) {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    @Override
    public void close() {
        try {
            if (!MPI.isFinalized()) {
                MPI.Finalize();
            }
        } catch (MPIException e) {
            throw failed("finalize", e);
        }
    }

    private static IllegalStateException failed(String what, MPIException cause) {
        return new IllegalStateException(
                "MPI " + what + " failed on " + Host.name() + ": " + cause.getMessage(), cause);
    }
}
