package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/** The same steps on 1, 2 and 4 real ranks. */
@Tag("mpi")
class TrainStepRanksTest {
    /** Batches that ranks share evenly and unevenly, whole and in micro-batches, of which ranks may have different numbers. */
    private static final List<String> CASES =
            List.of("frozen-8-8", "frozen-7-7", "frozen-5-5", "frozen-8-2", "frozen-5-1", "free-8-8", "free-7-7");

    @TempDir
    private static Path folder;

    private static final Map<Integer, RankOutcome> OUTCOMES = new HashMap<>();

    @BeforeAll
    static void takeTheSteps() throws IOException {
        for (int ranks : new int[] {1, 2, 4}) {
            String[] args = Stream.concat(Stream.of(world(ranks).toString()), CASES.stream())
                    .toArray(String[]::new);
            Files.createDirectory(world(ranks));
            RankOutcome outcome =
                    RankLauncher.ofMain(StepProgram.class).ranks(ranks).run(args);
            assertThat(outcome.exitCode())
                    .as(outcome.launcherOutput() + outcome.outputs())
                    .isZero();
            OUTCOMES.put(ranks, outcome);
        }
    }

    @ParameterizedTest(name = "{1} on {0} ranks")
    @CsvSource({
        "2, frozen-8-8",
        "4, frozen-8-8",
        "2, frozen-7-7",
        "4, frozen-7-7",
        "2, frozen-5-5",
        "4, frozen-5-5",
        "2, frozen-8-2",
        "4, frozen-8-2",
        "2, frozen-5-1",
        "4, frozen-5-1",
    })
    void gradientsOfSeveralRanksEqualThoseOfOne(int ranks, String stepCase) {
        assertClose(gradients(ranks, stepCase), gradients(1, stepCase));
    }

    @ParameterizedTest
    @CsvSource({"frozen-8-2, frozen-8-8", "frozen-5-1, frozen-5-5"})
    void gradientsOfMicroBatchesEqualThoseOfTheWholeBatch(String pieces, String whole) {
        assertClose(gradients(1, pieces), gradients(1, whole));
    }

    @ParameterizedTest(name = "{1} on {0} ranks")
    @CsvSource({
        "2, frozen-8-8",
        "4, frozen-8-8",
        "2, frozen-7-7",
        "4, frozen-5-5",
        "2, frozen-8-2",
        "4, frozen-5-1",
        "2, free-8-8",
        "4, free-8-8",
        "2, free-7-7",
        "4, free-7-7",
    })
    void allRanksHoldBitEqualGradientsAndEndWithBitEqualWeightsAndStatistics(int ranks, String stepCase) {
        List<String> fingerprints = OUTCOMES.get(ranks).outputs().stream()
                .map(output -> fingerprint(output, stepCase))
                .toList();

        assertThat(fingerprints).hasSize(ranks).containsOnly(fingerprints.get(0));
        assertThat(fingerprints.get(0)).matches("[0-9a-f]{64} [0-9a-f]{64}");
    }

    private static String fingerprint(String output, String stepCase) {
        return output.lines()
                .filter(line -> line.startsWith(stepCase + " "))
                .map(line -> line.substring(stepCase.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static Path world(int ranks) {
        return folder.resolve(ranks + "-ranks");
    }

    private static Checkpoint gradients(int ranks, String stepCase) {
        return Safetensors.read(StepCase.parse(stepCase).gradientFile(world(ranks)));
    }

    /** Within 1e-5 of each tensor's largest gradient. */
    private static void assertClose(Checkpoint found, Checkpoint expected) {
        assertThat(found.tensors()).hasSameSizeAs(expected.tensors()).isNotEmpty();
        for (NamedTensor tensor : expected.tensors()) {
            float[] wanted = floats(tensor);
            float[] values = floats(found.tensor(tensor.name()).orElseThrow());
            double largest = largest(wanted);
            assertThat(largest).as(tensor.name() + " is not all zero").isPositive();
            assertThat(largestDifference(values, wanted) / largest)
                    .as(tensor.name())
                    .isCloseTo(0, within(1e-5));
        }
    }

    private static double largest(float[] values) {
        return largestDifference(values, new float[values.length]);
    }

    private static double largestDifference(float[] some, float[] others) {
        assertThat(some).hasSameSizeAs(others);
        double largest = 0;
        for (int i = 0; i < some.length; i++) {
            largest = Math.max(largest, Math.abs((double) some[i] - others[i]));
        }
        return largest;
    }

    private static float[] floats(NamedTensor tensor) {
        FloatBuffer buffer = tensor.bytes().asFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
