package yolompi.distributed;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import yolompi.InputException;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.watchdog.HeartbeatChannel;
import yolompi.distributed.watchdog.JoinTimeout;
import yolompi.distributed.watchdog.RankProcess;
import yolompi.distributed.watchdog.RankStatus;
import yolompi.distributed.watchdog.StallTimeouts;
import yolompi.distributed.watchdog.Watchdog;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.Signals;
import yolompi.distributed.world.World;
import yolompi.recipe.DistRecipe;

/** Communicator over Open MPI's Java bindings. */
final class MpiCommunicator implements Communicator {
    /** Set for each rank by Open MPI's mpirun, and by PMIx launchers such as srun --mpi=pmix. */
    private static final List<String> LAUNCHER_VARIABLES = List.of("OMPI_COMM_WORLD_SIZE", "PMIX_RANK");

    private final Intracomm ranks;
    private final World world;
    private final RankStatus status;
    private final Optional<Watchdog> monitor;
    private final boolean startedMpi;
    private boolean closed;

    private MpiCommunicator(
            Intracomm ranks, World world, RankStatus status, Optional<Watchdog> monitor, boolean startedMpi) {
        this.ranks = ranks;
        this.world = world;
        this.status = status;
        this.monitor = monitor;
        this.startedMpi = startedMpi;
    }

    /** Whether a launcher started this process as a rank. */
    static boolean launched() {
        Map<String, String> environment = System.getenv();
        return LAUNCHER_VARIABLES.stream().anyMatch(environment::containsKey);
    }

    /**
     * Joins the job. A program that has started MPI itself may join several jobs in sequence, and
     * must finalize MPI itself.
     */
    static MpiCommunicator start() {
        try (JoinTimeout joining = JoinTimeout.start("join")) {
            boolean startsMpi = init();
            Intracomm ranks = MPI.COMM_WORLD;
            String host = Host.name();
            List<String> hosts = texts(gather(ranks, bytes(host)));
            int rank = ranks.getRank();
            int localRank =
                    (int) hosts.subList(0, rank).stream().filter(host::equals).count();
            int localSize = (int) hosts.stream().filter(host::equals).count();
            World world = new World(rank, ranks.getSize(), localRank, localSize, host);
            RankStatus status = new RankStatus();
            return new MpiCommunicator(ranks, world, status, monitor(ranks, world, status, hosts), startsMpi);
        } catch (MPIException e) {
            throw failed("start", e);
        } catch (UnsatisfiedLinkError e) {
            throw new InputException(
                    "Open MPI's Java library was not found: " + e.getMessage()
                            + "; run mpi/setup.sh, or add the folder of libmpi_java.so to LD_LIBRARY_PATH",
                    e);
        }
    }

    /**
     * Starts MPI unless the program has done so. The main thread and the watchdog use MPI
     * concurrently.
     */
    private static boolean init() throws MPIException {
        boolean startsMpi = !MPI.isInitialized();
        if (startsMpi) {
            MPI.InitThread(new String[0], MPI.THREAD_MULTIPLE);
        }
        if (MPI.queryThread() != MPI.THREAD_MULTIPLE && !startsMpi) {
            throw new InputException("the program has started MPI without MPI_THREAD_MULTIPLE, which the watchdog"
                    + " needs; start MPI with MPI.InitThread(args, MPI.THREAD_MULTIPLE)");
        }
        if (MPI.queryThread() != MPI.THREAD_MULTIPLE) {
            throw new InputException("Open MPI on " + Host.name()
                    + " does not support MPI_THREAD_MULTIPLE, which the watchdog needs; use a build whose ompi_info"
                    + " prints \"Thread support: posix (MPI_THREAD_MULTIPLE: yes\"");
        }
        return startsMpi;
    }

    private static Optional<Watchdog> monitor(Intracomm ranks, World world, RankStatus status, List<String> hosts)
            throws MPIException {
        if (world.size() == 1) {
            return Optional.empty();
        }
        List<RankProcess> processes = texts(
                        gather(ranks, bytes(RankProcess.own().encode())))
                .stream()
                .map(RankProcess::decode)
                .toList();
        HeartbeatChannel mailbox = new HeartbeatChannel(ranks.dup());
        return Optional.of(new Watchdog(world, mailbox, status, hosts, processes, () -> abort(ranks)));
    }

    /** Makes the launcher end all ranks. */
    private static void abort(Intracomm ranks) {
        try {
            ranks.abort(1);
        } catch (MPIException e) {
            Signals.endBy("KILL");
        }
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public RankStatus status() {
        return status;
    }

    @Override
    public void setStallTimeouts(DistRecipe recipe) {
        monitor.ifPresent(watch -> watch.timeouts(StallTimeouts.of(recipe)));
    }

    @Override
    public void fail(String message) {
        monitor.ifPresent(watch -> watch.fail(message));
    }

    @Override
    public void runBeforeExit(Runnable lastAct) {
        monitor.ifPresent(watch -> watch.runBeforeExit(lastAct));
    }

    @Override
    public void logFailuresTo(Path file) {
        monitor.ifPresent(watch -> watch.logFailuresTo(file));
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        return collective("allGather", () -> gather(ranks, own));
    }

    /**
     * Uses direct buffers. With Java arrays, Open MPI 4.1's allGatherv writes beyond its own copy
     * and corrupts the heap.
     */
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> texts(List<byte[]> parts) {
        return parts.stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public byte[] broadcast(byte[] fromFirst) {
        return collective("broadcast", () -> {
            IntBuffer length = MPI.newIntBuffer(1).put(0, fromFirst.length);
            ranks.bcast(length, 1, MPI.INT, 0);
            byte[] bytes = world.isRankZero() ? fromFirst : new byte[length.get(0)];
            ByteBuffer buffer = direct(bytes);
            ranks.bcast(buffer, bytes.length, MPI.BYTE, 0);
            buffer.get(0, bytes);
            return bytes;
        });
    }

    @Override
    public double[] allReduceSum(double... values) {
        return collective("sum", () -> {
            DoubleBuffer buffer = MPI.newDoubleBuffer(values.length).put(0, values);
            ranks.allReduce(buffer, values.length, MPI.DOUBLE, MPI.SUM);
            double[] sums = new double[values.length];
            buffer.get(0, sums);
            return sums;
        });
    }

    /** Ends the watchdog only when no rank has any work left. */
    @Override
    public void close() {
        try {
            if (closed || MPI.isFinalized()) {
                return;
            }
            closed = true;
            status.enter(Activity.ENDING);
            allReduceSum(0);
            monitor.ifPresent(Watchdog::close);
            if (startedMpi) {
                try (JoinTimeout leaving = JoinTimeout.start("leave")) {
                    MPI.Finalize();
                }
            } else if (monitor.isPresent()) {
                monitor.get().free();
            }
        } catch (MPIException e) {
            throw failed("finalize", e);
        }
    }

    private interface Collective<T> {
        T run() throws MPIException;
    }

    /**
     * Runs a collective. If it fails, this rank stays marked as waiting: another rank may be the
     * cause.
     */
    private <T> T collective(String what, Collective<T> action) {
        status.waits(true);
        try {
            T result = action.run();
            status.waits(false);
            return result;
        } catch (MPIException e) {
            throw failed(what, e);
        }
    }

    private static IllegalStateException failed(String what, MPIException cause) {
        return new IllegalStateException(
                "MPI " + what + " failed on " + Host.name() + ": " + cause.getMessage(), cause);
    }
}
