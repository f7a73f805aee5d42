package yolompi.cli;

import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.dist.AgreedException;
import yolompi.dist.Communicator;
import yolompi.dist.World;
import yolompi.torch.NativeLibraries;
import yolompi.train.OsSignal;

/** Runs a command on all ranks: joins the job, and sees to it that a failure ends every rank with one message. */
final class Ranked {
    private Ranked() {}

    /** What a command does as one of the ranks. */
    interface Body {
        void run(Communicator ranks) throws Exception;
    }

    /** Returns the exit code; a failure of this rank alone ends the whole job from here. */
    static int run(Body body) throws Exception {
        endAtOnceOnSignals();
        NativeLibraries.load(torch.class, opencv_imgcodecs.class);
        Communicator ranks = Communicator.join();
        World world = ranks.world();
        try {
            body.run(ranks);
            ranks.close();
            return 0;
        } catch (AgreedException e) {
            if (world.isFirst()) {
                System.err.println("yolo-mpi: " + e.getMessage());
            }
            ranks.close();
            return 1;
        } catch (Throwable e) {
            if (world.size() == 1) {
                throw e;
            }
            System.err.println("yolo-mpi: " + world.describe() + " failed, the job ends: " + e.getMessage());
            if (!isInput(e)) {
                e.printStackTrace();
            }
            System.err.flush();
            ranks.abort(1);
            return 1;
        }
    }

    /**
     * Leaves signals to the kernel. The JVM's own way out would run the destructors of LibTorch while its threads still compute, and crash;
     * files are written whole or not at all, so there is nothing to clean up. Training listens to TERM itself as
     * long as it lasts.
     */
    private static void endAtOnceOnSignals() {
        List.of("TERM", "INT", "HUP").forEach(OsSignal::leaveToKernel);
    }

    /** Whether the failure comes from something that the user gave, such as a damaged shard: then a stack trace says nothing. */
    private static boolean isInput(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException) {
                return true;
            }
        }
        return false;
    }
}
