package yolompi.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.dist.AgreedException;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.Signals;
import yolompi.torch.NativeLibraries;

/** Runs a command on all ranks: joins the job, and sees to it that a failure ends every rank with one message. */
final class Ranked {
    /** As a shell reports it. */
    private static final int ENDED_BY_USR1 = 128 + 10;

    private Ranked() {}

    /** What a command does as one of the ranks. */
    interface Body {
        void run(Communicator ranks) throws Exception;
    }

    /** Returns the exit status; a failure of this rank alone ends the whole job from here. */
    static int run(Body body) throws Exception {
        // The JVM's own way out would run the destructors of LibTorch while its threads still compute, and crash; files
        // are written whole or not at all, so there is nothing to clean up.
        List.of("TERM", "INT", "HUP").forEach(Signals::leaveToKernel);
        return join(body, torch.class, opencv_imgcodecs.class);
    }

    /** The same for a command that computes nothing by LibTorch: ended from outside, it cleans up. */
    static int runWithoutTorch(Body body) throws Exception {
        // A job's warning, for which the kernel would end the process without any cleaning up.
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
     * Does something that this rank alone may fail at, while connections to others are open: a failure ends the job from here, before these
     * close and all others fail in turn.
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

    /** Whether the failure comes from something that the user gave, or from a disk: then a stack trace says nothing. */
    private static boolean isInput(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
