package yolompi.train.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.watchdog.SeenStatus;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.RecipeFile;
import yolompi.report.metrics.RankTime;
import yolompi.torch.LoadLibTorch;

/**
 * Three ranks that run a step together and exchange numbers or tensors (as synchronized batch norm
 * does): {@code numbers|tensors FOLDER}. Rank 1 starts its part of the work only after each other
 * rank has written a file to the folder to report that it waits. Every rank prints all ranks'
 * times.
 */
final class StragglerProgram {
    /** Minimum time of rank 1's work. */
    static final int WORK_MILLIS = 200;

    private StragglerProgram() {}

    public static void main(String[] args) throws InterruptedException {
        LoadLibTorch.now();
        DistRecipe recipe = RecipeFile.parse("test", "", List.of()).dist();
        Path folder = Path.of(args[1]);
        try (Communicator ranks = Communicator.join();
                ProcessGroup group = ProcessGroups.create(ranks, recipe, false)) {
            int rank = ranks.world().rank();
            Tensor one = torch.ones(1);
            RankTimes times = new RankTimes(ranks, 100);
            Thread observer = new Thread(() -> tellThatItWaits(new SeenStatus(ranks), sign(folder, rank)), "observer");
            if (rank == 1) {
                work(folder);
            } else {
                observer.start();
            }
            if (args[0].equals("tensors")) {
                group.allReduceSum(one).await();
            } else {
                ranks.allReduceSum(1);
            }
            times
                    .gather(new RankTimes.Spent(
                            101, 1_000_000L * rank, ranks.status().waitedNanos()))
                    .stream()
                    .map(RankTime::toString)
                    .forEach(System.out::println);
            observer.join();
        }
    }

    private static Path sign(Path folder, int rank) {
        return folder.resolve("waiting-" + rank);
    }

    private static void work(Path folder) throws InterruptedException {
        while (!Files.exists(sign(folder, 0)) || !Files.exists(sign(folder, 2))) {
            Thread.sleep(5);
        }
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 1_000_000L * WORK_MILLIS) {
            Thread.sleep(5);
        }
    }

    private static void tellThatItWaits(SeenStatus status, Path sign) {
        try {
            while (!status.activity().contains("waiting for all ranks")) {
                Thread.sleep(1);
            }
            Files.createFile(sign);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
