package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the losses of short trainings with stored ones. Processors differ in the last bits, so
 * there is a tolerance. To prove that a change keeps every bit, write the files before the change
 * and compare with {@code -Dgolden.exact=true} after it, on the same machine. {@link GoldenFile}
 * has the command that writes the files.
 */
@Tag("mpi")
class GoldenLossesTest {
    /**
     * Relative tolerance. Losses with AVX-512 differed by at most 2e-6 from those with SSE 4.1 only
     * ({@code ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41}).
     */
    private static final double LOSS_TOLERANCE = 1e-5;

    @TempDir
    private static Path folder;

    private static final Map<GoldenCase, GoldenRun> RUNS = new HashMap<>();

    static List<GoldenCase> cases() {
        return GoldenCase.all();
    }

    private static GoldenRun run(GoldenCase goldenCase) {
        return RUNS.computeIfAbsent(goldenCase, one -> one.train(folder));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainingGivesTheStoredNumbers(GoldenCase goldenCase) {
        GoldenRun found = run(goldenCase);
        GoldenFile file = goldenCase.file();
        if (GoldenFile.isWritten() || Boolean.getBoolean("golden.exact")) {
            file.assertHolds(goldenCase.text(found));
        } else {
            assertThat(found)
                    .as("%s; if the difference is intended: %s", file.path(), GoldenFile.COMMAND)
                    .usingRecursiveComparison()
                    .withEqualsForType(
                            (loss, golden) -> Math.abs(loss - golden) <= LOSS_TOLERANCE * golden, Double.class)
                    .withEqualsForType(
                            (tensor, golden) -> tensor.isClose(golden, goldenCase.tensorTolerance()),
                            TensorMoments.class)
                    .ignoringFields("sha256")
                    .isEqualTo(GoldenRun.parse(file.text()));
        }
    }

    @Test
    void secondRunGivesTheSameBits() {
        GoldenCase goldenCase = new GoldenCase(2, true, "adamw");

        assertThat(goldenCase.train(folder)).isEqualTo(run(goldenCase));
    }
}
