package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.PackedShapes;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.torch.CudaLibraries;

/** A recipe for GPUs with the CPU build. */
@Tag("mpi")
class NoGpuTest {
    @TempDir
    private static Path folder;

    private static PackedShapes shapes;

    @BeforeAll
    static void drawShapes() {
        assumeFalse(CudaLibraries.areInTheBuild(), "needs the build for CPUs: run Maven without -Pgpu");
        shapes = PackedShapes.in(folder, 8, 2);
    }

    @ParameterizedTest
    @CsvSource({"dist.backend=nccl, dist.backend = \"nccl\" is not available: rank 0:", "model.device=gpu, sees no GPU"
    })
    void missingGpuIsReportedOnceByTwoRanks(String change, String words) {
        Path recipe = shapes.recipe("gpu", "train.batch = 4\ndata.size = 64\n");
        RankOutcome outcome = RankLauncher.ofMain(Main.class)
                .ranks(2)
                .run(
                        "train",
                        recipe.toString(),
                        "--set",
                        change,
                        "--run-dir",
                        folder.resolve("run-" + change).toString());

        assertThat(outcome.exitCode()).isEqualTo(1);
        List<String> messages = Stream.concat(outcome.outputs().stream(), Stream.of(outcome.launcherOutput()))
                .flatMap(String::lines)
                .filter(line -> line.startsWith("yolo-mpi: "))
                .toList();
        assertThat(messages).singleElement().asString().contains(words, "build for CPUs", "mvn -Pgpu");
        assertThat(outcome.outputs()).noneMatch(output -> output.contains("\tat "));
    }
}
