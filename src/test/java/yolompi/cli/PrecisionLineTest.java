package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.data.PackedShapes;
import yolompi.torch.Arithmetic;
import yolompi.torch.Compute;

final class PrecisionLineTest {
    @Test
    void checkWarnsOfFp16OnTheCpu(@TempDir Path folder) {
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
    void fp32AndBf16OnTheCpuGiveNoWarning(Arithmetic arithmetic) {
        assertThat(PrecisionLine.of(Compute.cpu(arithmetic))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void precisionsOnGpusGiveNoWarning(Arithmetic arithmetic) {
        assertThat(PrecisionLine.of(Compute.gpu(0, arithmetic))).isEmpty();
    }
}
