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
        // The JVM's own handlers would run LibTorch's destructors while its threads still compute,
        // and crash. There is nothing to clean up: files are written atomically.
        List.of("TERM", "INT", "HUP").forEach(Signals::leaveToKernel);
        return join(body, torch.class, opencv_imgcodecs.class);
    }

    /** As {@link #run}, for a command that does not use LibTorch. A signal lets it clean up. */
    static int runWithoutTorch(Body body) throws Exception {
        // Slurm's warning signal; by default the kernel would end the process without clean-up.
        Signals.on("USR1", () -> System.exit(ENDED_BY_USR1));
        return join(body, opencv_imgcodecs.class);
    }

    private static int join(Body body, Class<?>... libraries) throws Exception {
        Communicator ranks = Communicator.join();
        try {
            Agreement.on(ranks, () -> {
                NativeLibraries.load(libraries);
                return ranks;
            });
            tellFailure(ranks, body);
            ranks.close();
            return 0;
        } catch (AgreedException e) {
            if (ranks.world().isFirst()) {
                System.err.println("yolo-mpi: " + e.getMessage());
            }
            ranks.close();
            return Failures.status(e);
        }
    }

    /**
     * Runs work that may fail on this rank alone while connections to other ranks are open. A
     * failure ends the job here, before the connections close and the other ranks fail as a
     * consequence.
     */
    static void tellFailure(Communicator ranks, Body body) throws Exception {
        try {
            body.run(ranks);
        } catch (AgreedException e) {
            throw e;
        } catch (Throwable e) {
            ranks.fail(message(e));
            throw e;
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
