package yolompi.dist;

import yolompi.recipe.DistRecipe;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.DistRecipe.Compression;

/**
 * A rank that takes short steps and waits for all after each: {@code STEPS VICTIM WHAT}. In step 3 the victim does something that the others
 * don't: {@code hang}, {@code fail}, {@code slow} (from there on) or {@code nothing}; or it is {@code late}, and never joins.
 */
final class StallProgram {
    static final int SILENCE_SECONDS = 2;
    static final int TIMEOUT_SECONDS = 4;

    private final Communicator ranks;
    private final String what;

    private StallProgram(Communicator ranks, String what) {
        this.ranks = ranks;
        this.what = what;
    }

    public static void main(String[] args) throws InterruptedException {
        int victim = Integer.parseInt(args[1]);
        if (args[2].equals("late") && System.getenv("OMPI_COMM_WORLD_RANK").equals(args[1])) {
            System.out.println("late");
            Thread.sleep(Long.MAX_VALUE);
        }
        try (Communicator ranks = Communicator.join()) {
            ranks.bearWith(new DistRecipe(
                    Backend.AUTO, Compression.NONE, 25, false, TIMEOUT_SECONDS, SILENCE_SECONDS, 1, false));
            boolean mine = ranks.world().rank() == victim;
            new StallProgram(ranks, mine ? args[2] : "nothing").run(Integer.parseInt(args[0]));
        }
        System.out.println("done");
    }

    private void run(int steps) throws InterruptedException {
        for (int step = 1; step <= steps; step++) {
            ranks.status().step(step, Activity.LOADING);
            Thread.sleep(20);
            if (step >= 3) {
                misbehave();
            }
            ranks.sum(1);
            System.out.println("step " + step + ".");
        }
    }

    private void misbehave() throws InterruptedException {
        switch (what) {
            case "hang" -> Thread.sleep(Long.MAX_VALUE);
            case "slow" -> Thread.sleep(600L * TIMEOUT_SECONDS);
            case "fail" -> ranks.fail("shard 3 is damaged");
            default -> {}
        }
    }
}
