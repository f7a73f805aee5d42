package yolompi.cli;

import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import yolompi.InputException;
import yolompi.dist.AgreedException;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.World;
import yolompi.torch.NativeLibraries;

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
        Communicator ranks = Communicator.join();
        World world = ranks.world();
        try {
            Agreement.on(ranks, () -> {
                NativeLibraries.load(torch.class, opencv_imgcodecs.class);
                return world;
            });
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
     * files are written whole or not at all, so there is nothing to clean up.
     */
    private static void endAtOnceOnSignals() {
        try {
            // By reflection, since javac's warning about sun.misc, Java's one way to signals, cannot be switched off.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object kernel = handler.getField("SIG_DFL").get(null);
            for (String name : List.of("TERM", "INT", "HUP")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), kernel);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM lacks sun.misc.Signal (module jdk.unsupported): " + e, e);
        }
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
