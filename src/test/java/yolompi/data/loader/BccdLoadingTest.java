package yolompi.data.loader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import yolompi.data.Bccd;
import yolompi.data.ImageEncoding;
import yolompi.data.Sample;
import yolompi.data.SampleSource;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.MultiScale;
import yolompi.data.sampler.RankShare;
import yolompi.data.sampler.SampleOrder;
import yolompi.recipe.Recipes;

/** Loads real photographs if they are available. */
final class BccdLoadingTest {
    private record Photographs(List<Path> files) implements SampleSource {
        @Override
        public int size() {
            return files.size();
        }

        @Override
        public Sample read(int index) {
            try {
                byte[] bytes = Files.readAllBytes(files.get(index));
                return new Sample(
                        index,
                        files.get(index).getFileName().toString(),
                        640,
                        480,
                        ImageEncoding.JPEG,
                        bytes,
                        List.of());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Test
    void everyBccdImageIsDecodedInEveryEpoch() throws IOException {
        Photographs photographs = new Photographs(list(Bccd.folder().resolve("JPEGImages")));
        EpochPlan plan = new EpochPlan(SampleOrder.full(photographs.size(), 1), 16);
        Augmenter augmenter = Augmenter.training(
                Recipes.augmentOnly(
                        "flip=0.5",
                        "hue=0.015",
                        "saturation=0.7",
                        "value=0.4",
                        "scale=0.5",
                        "translate=0.1",
                        "aspect=0.2"),
                1,
                1);
        StepRange steps = StepRange.of(plan, 0, plan.totalSteps(1), new RankShare(16, 8, 0, 1), MultiScale.always(416));
        int images = 0;
        try (BatchLoader loader = BatchLoader.start(photographs, augmenter, steps, new BatchLoader.Settings(2, 2))) {
            while (loader.hasNext()) {
                images += loader.next().imageCount();
            }
        }
        assertThat(images).isBetween(364, 364 + 15);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
