package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.InputException;
import yolompi.data.PackedShapes;
import yolompi.data.sampler.RepeatFactors;
import yolompi.data.shard.ShardSet;
import yolompi.recipe.Recipes;
import yolompi.torch.DeviceContext;
import yolompi.torch.Precision;

/** Lines of the summary that a training prints before its first step. */
final class SummaryTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    @Test
    void checkWarnsOfFp16OnTheCpu() {
        Path recipe = PackedShapes.in(folder, 4, 1)
                .recipe(
                        "half",
                        "train.batch = 4\ndata.size = 64\nmodel.precision = \"fp16\"\nmodel.device = \"cpu\"\n");

        CommandRun run = CommandRun.of(List.of("check", recipe.toString()));

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.printed()).contains("warning   fp16 is meant for GPUs").contains("\"auto\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void fp32AndBf16OnTheCpuGiveNoWarning(Precision precision) {
        assertThat(Summary.precision(DeviceContext.cpu(precision))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void precisionsOnGpusGiveNoWarning(Precision precision) {
        assertThat(Summary.precision(DeviceContext.gpu(0, precision))).isEmpty();
    }

    @Test
    void mosaicLineNamesEpochsWithMosaicAndMixup() {
        assertThat(Summary.mosaic(Recipes.with("augment.mosaic=0.5", "train.epochs=30")))
                .contains("mosaic 0.5 and mixup 0.0 in the first 20 of 30 epochs");
        assertThat(Summary.mosaic(Recipes.with("train.epochs=30"))).isEmpty();
    }

    @Test
    void shortTrainingIsReportedToHaveNoMosaic() {
        assertThat(Summary.mosaic(Recipes.with("augment.mosaic=1", "train.epochs=8")))
                .contains("mosaic 1.0 and mixup 0.0 in no epoch: augment.close_mosaic_epochs = 10 disables them in all"
                        + " 8 epochs");
    }

    @Test
    void balanceLineListsImagesAndReadingsOfEachClass() {
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 30, 2).train())) {
            RepeatFactors balance = RepeatFactors.of(shards, 1);
            String line = Summary.balance(balance, shards.names());
            assertThat(line).startsWith("class_balance 1.0: readings of an image per epoch by class (images): ");
            int rarest = 0;
            for (int classId = 0; classId < shards.names().size(); classId++) {
                rarest = balance.imagesOf(classId) < balance.imagesOf(rarest) ? classId : rarest;
                assertThat(line)
                        .contains("%s (%d) %.2f"
                                .formatted(
                                        shards.names().get(classId),
                                        balance.imagesOf(classId),
                                        balance.readingsOf(classId)));
            }
            assertThat(line).contains("(images): " + shards.names().get(rarest));
            assertThat(balance.readingsOf(rarest)).isGreaterThan(1);
        }
    }

    @Test
    void dataSetWithoutBoxesIsReadOncePerEpoch() {
        try (ShardSet shards = ShardSet.open(PackedShapes.in(folder, 2, 1).train())) {
            List<String> unseen = List.of();
            assertThat(Summary.balance(RepeatFactors.of(shards, 1), unseen))
                    .isEqualTo("class_balance 1.0: no image has a box, so an epoch reads each image once");
        }
    }

    private static Summary.Memory memory(long rankGib, int ranks, long freeGib) {
        return new Summary.Memory(rankGib * GIB, ranks * rankGib * GIB, freeGib * GIB, "on node1");
    }

    @Test
    void memoryThatFitsIsReportedInOneLine() {
        assertThat(memory(2, 4, 8).require().lines()).containsExactly("memory    about 2,048 MiB per rank");
    }

    @Test
    void memoryThatMayNotFitGivesAWarning() {
        assertThat(memory(2, 4, 6).require().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("6,144 MiB are free on node1", "need 8,192 MiB", "train.micro_batch", "--auto-batch");
    }

    @Test
    void memoryThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> memory(2, 4, 5).require())
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("about 8,192 MiB on node1", "only 5,120 MiB are free");
    }
}
