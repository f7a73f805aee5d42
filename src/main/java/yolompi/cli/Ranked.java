package yolompi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.distributed.Agreement;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.Signals;
import yolompi.torch.NativeLibraries;

/** Runs a command on all ranks: joins the job, and ends all ranks with one message if one fails. */
final class Ranked {
    /** The status that a shell reports for this signal. */
    private static final int ENDED_BY_USR1 = 128 + 10;

    private Ranked() {}

    /** The work of a command on one rank. */
    interface Body {
        void run(Communicator ranks) throws Exception;
    }

    /** Returns the exit status. A failure of this rank alone ends the whole job here. */
    static int run(Body body) throws Exception {
        return run(join(), body, torch.class, opencv_imgcodecs.class);
    }

    /** As {@link #run}, for a command that does not use LibTorch. A signal lets it clean up. */
    static int runWithoutTorch(Body body) throws Exception {
        // Slurm's warning signal; by default the kernel would end the process without clean-up.
        Signals.on("USR1", () -> System.exit(ENDED_BY_USR1));
        return run(Communicator.join(), body, opencv_imgcodecs.class);
    }

    private static int run(Communicator ranks, Body body, Class<?>... libraries) throws Exception {
        try {
            load(ranks, libraries);
            body.run(ranks);
        } catch (Throwable e) {
            return leave(ranks, e);
        }
        ranks.close();
        return 0;
    }

    /** Joins the job, for a command that uses LibTorch. */
    static Communicator join() {
        // The JVM's own handlers would run LibTorch's destructors while its threads still compute,
        // and crash. There is nothing to clean up: files are written atomically.
        List.of("TERM", "INT", "HUP").forEach(Signals::leaveToKernel);
        return Communicator.join();
    }

    /** Loads LibTorch and the image decoder; collective. */
    static void loadTorch(Communicator ranks) {
        load(ranks, torch.class, opencv_imgcodecs.class);
    }

    private static void load(Communicator ranks, Class<?>... libraries) {
        Agreement.on(ranks, () -> {
            NativeLibraries.load(libraries);
            return ranks;
        });
    }

    /**
     * Leaves the job after a failure. If all ranks have agreed on it, rank 0 reports it, and the
     * exit status is returned. Otherwise see {@link #tell}.
     */
    static int leave(Communicator ranks, Throwable failure) throws Exception {
        if (failure instanceof AgreedException agreed) {
            if (ranks.world().isRankZero()) {
                System.err.println("yolo-mpi: " + agreed.getMessage());
            }
            ranks.close();
            return ErrorReporter.status(agreed);
        }
        tell(ranks, failure);
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    /**
     * Reports a failure of this rank alone, if it is one. It ends a job of several ranks here. Call
     * it before connections to other ranks close, or the other ranks fail as a consequence.
     */
    static void tell(Communicator ranks, Throwable failure) {
        if (!(failure instanceof AgreedException)) {
            ranks.fail(message(failure));
        }
    }

    private static String message(Throwable failure) {
        if (isInput(failure)) {
            return failure.getMessage();
        }
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return failure.getMessage() + "\n" + trace.toString().stripTrailing();
    }

    /** Whether the input or a file caused the failure: then a stack trace does not help. */
    private static boolean isInput(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
