package yolompi.ranks;

import java.io.IOException;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.DistRecipe.Compression;

/**
 * Runs steps without end, each with an all-reduce, until the victim misbehaves in one of them:
 * {@code WHAT VICTIM STEP}.
 *
 * <p>{@code WHAT} is {@code hang}, {@code fail}, {@code nothing}, or a signal that the victim sends
 * itself: {@code KILL}, {@code STOP} or {@code TERM}. In step 0 the victim has not joined the job
 * yet.
 */
public final class StallProgram {
    /** Long enough that a busy machine causes no blame. */
    private static final int NEVER_SECONDS = 10_000;
    /** The minimum of the recipe key. */
    private static final int SILENCE_SECONDS = 2;

    private static final int TIMEOUT_SECONDS = 2;

    private StallProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String what = args[0];
        int misbehavesIn = Integer.parseInt(args[2]);
        boolean victim = System.getenv("OMPI_COMM_WORLD_RANK").equals(args[1]);
        System.out.println("process " + ProcessHandle.current().pid());
        if (victim && misbehavesIn == 0) {
            misbehave(what);
        }
        try (Communicator ranks = Communicator.join()) {
            ranks.setStallTimeouts(times(NEVER_SECONDS, NEVER_SECONDS));
            for (int step = 1; ; step++) {
                if (step == misbehavesIn) {
                    ranks.allReduceSum(1); // all ranks have started, so none is blamed for a late start
                    if (!victim) {
                        ranks.setStallTimeouts(shortTimes(what));
                    }
                }
                ranks.status().step(step, Activity.LOADING);
                if (victim && step == misbehavesIn) {
                    if (what.equals("fail")) {
                        ranks.fail("shard 3 is damaged");
                    }
                    misbehave(what);
                }
                ranks.allReduceSum(1);
                System.out.println("step " + step + ".");
                Thread.sleep(20);
            }
        }
    }

    /** For the ranks that judge the victim: the time-out of what it does. */
    private static DistRecipe shortTimes(String what) {
        return times(
                what.equals("STOP") ? SILENCE_SECONDS : NEVER_SECONDS,
                what.equals("hang") ? TIMEOUT_SECONDS : NEVER_SECONDS);
    }

    private static DistRecipe times(int silenceSeconds, int timeoutSeconds) {
        return new DistRecipe(Backend.AUTO, Compression.NONE, 25, false, timeoutSeconds, silenceSeconds, 1, false);
    }

    private static void misbehave(String what) throws IOException, InterruptedException {
        if (what.equals("nothing")) {
            return;
        }
        if (!what.equals("hang")) {
            long pid = ProcessHandle.current().pid();
            new ProcessBuilder("sh", "-c", "kill -" + what + " " + pid).start().waitFor();
        }
        Thread.sleep(Long.MAX_VALUE);
    }
}
