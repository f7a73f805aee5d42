package yolompi.distributed.watchdog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.recipe.DistRecipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.LoadLibTorch;

/**
 * Rank 0 waits for rank 1's tensors during a forward pass: {@code BACKEND FILE}.
 *
 * <p>When rank 0's status says that it waits, rank 0 creates the file. Rank 1 then joins the
 * all-reduce.
 */
final class WaitStatusProgram {
    private WaitStatusProgram() {}

    public static void main(String[] args) throws InterruptedException {
        LoadLibTorch.now();
        DistRecipe recipe = RecipeFile.parse(
                        "test", "dist.backend = \"" + args[0].toLowerCase(Locale.ROOT) + "\"", List.of())
                .dist();
        Path sign = Path.of(args[1]);
        try (Communicator ranks = Communicator.join();
                ProcessGroup group = ProcessGroups.create(ranks, recipe, false)) {
            RankStatus status = ranks.status();
            status.step(3, Activity.FORWARD);
            Thread observer = new Thread(() -> observe(status, sign), "observer");
            if (ranks.world().isRankZero()) {
                observer.start();
            } else {
                while (!Files.exists(sign)) {
                    Thread.sleep(5);
                }
            }
            Tensor sum = torch.ones(1);
            group.allReduceSum(sum).await();
            observer.join();
            System.out.println("got " + sum.item_float() + ": " + status.now().describe());
        }
    }

    private static void observe(RankStatus status, Path sign) {
        try {
            while (!status.now().waits()) {
                Thread.sleep(5);
            }
            System.out.println(status.now().describe());
            Files.createFile(sign);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
