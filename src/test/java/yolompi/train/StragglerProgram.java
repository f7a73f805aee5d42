package yolompi.train;

import java.util.List;
import yolompi.dist.Communicator;
import yolompi.report.RankTime;

/** Ranks that take steps together, of which rank 1's take longest; every rank prints all ranks' times, and who is slow. */
final class StragglerProgram {
    private static final int STEPS = 20;
    private static final int MILLIS = 10;

    private StragglerProgram() {}

    public static void main(String[] args) throws InterruptedException {
        try (Communicator ranks = Communicator.join()) {
            RankTimes times = new RankTimes(ranks, 100);
            for (int step = 0; step < STEPS; step++) {
                Thread.sleep(ranks.world().rank() == 1 ? 5 * MILLIS : MILLIS);
                ranks.sum(1);
            }
            long images = 1_000_000L * ranks.world().rank() * STEPS;
            List<RankTime> found = times.gather(new RankTimes.Spent(100 + STEPS, images, ranks.waitNanos()));
            found.forEach(System.out::println);
            new Stragglers(1.5).newlyFoundIn(found).forEach(System.out::println);
        }
    }
}
