package yolompi.dist;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.DistRecipe.Compression;
import yolompi.torch.NativeLibraries;

/**
 * A rank that takes short steps and waits for all after each: {@code STEPS VICTIM WHAT}. In step 3 the victim does something that the others
 * don't: {@code hang}, {@code fail}, {@code save} for longer than the time limit, {@code slow} (from there on) or {@code nothing}; or it is
 * {@code late}, and never joins. With a further word, {@code gloo} or {@code mpi}, the others wait for its tensors in the midst of a forward pass.
 */
final class StallProgram {
    static final int SILENCE_SECONDS = 2;
    static final int TIMEOUT_SECONDS = 4;

    private final Communicator ranks;
    private final String what;
    private final Runnable exchange;

    private StallProgram(Communicator ranks, String what, Runnable exchange) {
        this.ranks = ranks;
        this.what = what;
        this.exchange = exchange;
    }

    public static void main(String[] args) throws InterruptedException {
        int victim = Integer.parseInt(args[1]);
        if (args[2].equals("late") && System.getenv("OMPI_COMM_WORLD_RANK").equals(args[1])) {
            System.out.println("late");
            Thread.sleep(Long.MAX_VALUE);
        }
        try (Communicator ranks = Communicator.join()) {
            Backend backend = args.length > 3 ? Backend.valueOf(args[3].toUpperCase(Locale.ROOT)) : Backend.AUTO;
            DistRecipe recipe =
                    new DistRecipe(backend, Compression.NONE, 25, false, TIMEOUT_SECONDS, SILENCE_SECONDS, 1, false);
            Runnable exchange = args.length > 3 ? tensors(ranks, recipe) : () -> ranks.sum(1);
            ranks.bearWith(recipe);
            boolean mine = ranks.world().rank() == victim;
            new StallProgram(ranks, mine ? args[2] : "nothing", exchange).run(Integer.parseInt(args[0]));
        }
        System.out.println("done");
    }

    private static Runnable tensors(Communicator ranks, DistRecipe recipe) {
        NativeLibraries.load(torch.class);
        TensorGroup group = Backends.meet(ranks, recipe, false);
        Tensor tensor = torch.zeros(4);
        return () -> {
            ranks.status().enter(Activity.FORWARD);
            try {
                group.sum(tensor).await();
            } catch (RuntimeException e) {
                ranks.fail(e.getMessage());
            }
        };
    }

    private void run(int steps) throws InterruptedException {
        for (int step = 1; step <= steps; step++) {
            ranks.status().step(step, Activity.LOADING);
            Thread.sleep(20);
            if (step >= 3) {
                misbehave(step);
            }
            exchange.run();
            System.out.println("step " + step + ".");
        }
    }

    private void misbehave(int step) throws InterruptedException {
        switch (what) {
            case "hang" -> Thread.sleep(Long.MAX_VALUE);
            case "save" -> {
                ranks.status().enter(Activity.SAVING);
                Thread.sleep(step == 3 ? 1500L * TIMEOUT_SECONDS : 0);
            }
            case "slow" -> Thread.sleep(600L * TIMEOUT_SECONDS);
            case "fail" -> {
                Thread.sleep(1000); // long enough for the others' beats to tell that they wait
                ranks.fail("shard 3 is damaged");
            }
            default -> {}
        }
    }
}
