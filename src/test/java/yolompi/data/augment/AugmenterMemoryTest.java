package yolompi.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import yolompi.data.ImageFixture;
import yolompi.data.Sample;
import yolompi.data.SampleList;
import yolompi.data.SampleRef;
import yolompi.recipe.Recipes;

final class AugmenterMemoryTest {
    private static final int SIZE = 416;

    /** A decoded image of this size takes 0.9 MB. A leak over 200 images would take 180 MB. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc/self/status: run it on Linux")
    void nativeMemoryIsConstantOverHundredsOfImages() throws IOException {
        Sample sample =
                ImageFixture.sample(0, ImageFixture.gradient(640, 480), "jpg", ImageFixture.labeled(9, 9, 90, 90));
        Augmenter augmenter =
                Augmenter.training(Recipes.strongAugment("rotate=10", "mosaic=0.5", "mixup=0.5"), 1, 10_000);
        byte[] pixels = new byte[SIZE * SIZE * 3];
        read(augmenter, sample, pixels, 60);
        long before = residentKib();
        read(augmenter, sample, pixels, 200);
        assertThat(residentKib() - before).isLessThan(64 * 1024);
    }

    private static void read(Augmenter augmenter, Sample sample, byte[] pixels, int times) {
        for (int epoch = 0; epoch < times; epoch++) {
            augmenter.augment(SampleList.of(sample), new SampleRef(epoch, 0), SIZE, pixels, 0);
        }
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
