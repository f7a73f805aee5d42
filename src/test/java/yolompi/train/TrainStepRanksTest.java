package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;

/** The same steps on 1, 2 and 4 real ranks. */
@Tag("mpi")
class TrainStepRanksTest {
    /** Batches that ranks share evenly and unevenly, whole and in micro-batches, by every way that gradients can take. */
    private static final List<String> CASES = List.of(
            "frozen-8-1",
            "frozen-7-1",
            "frozen-5-1",
            "frozen-8-2",
            "frozen-5-1-mpi",
            "frozen-8-2-mpi",
            "frozen-8-1-clip",
            "frozen-8-1-bf16-gloo",
            "frozen-8-1-fp16-gloo",
            "frozen-7-1-bf16-mpi",
            "frozen-7-1-fp16-mpi",
            "free-8-1",
            "free-7-1",
            "free-7-1-mpi",
            "synced-8-1",
            "synced-7-1-mpi",
            "synced-8-2",
            "frozen-8-2-unused",
            "free-8-1-unused-mpi",
            "frozen-8-1-unused-first",
            "synced-8-1-backbone-clip",
            "frozen-8-2-backbone",
            "free-7-1-backbone-mpi");

    @TempDir
    private static Path folder;

    private static final Map<Integer, List<String>> OUTPUTS = new HashMap<>();

    /** In two jobs: a process keeps the tensors of all its cases, and four that keep all of them fill the memory of a small machine. */
    @BeforeAll
    static void takeTheSteps() throws IOException {
        int half = CASES.size() / 2;
        for (int ranks : new int[] {1, 2, 4}) {
            Files.createDirectory(world(ranks));
            List<String> first = outputs(ranks, CASES.subList(0, half));
            List<String> second = outputs(ranks, CASES.subList(half, CASES.size()));
            OUTPUTS.put(
                    ranks,
                    IntStream.range(0, ranks)
                            .mapToObj(rank -> first.get(rank) + second.get(rank))
                            .toList());
        }
    }

    private static List<String> outputs(int ranks, List<String> cases) {
        String[] args = Stream.concat(Stream.of(world(ranks).toString()), cases.stream())
                .toArray(String[]::new);
        RankOutcome outcome = RankLauncher.ofMain(StepProgram.class)
                .ranks(ranks)
                .within(Duration.ofMinutes(5))
                .run(args);
        assertThat(outcome.exitCode())
                .as(outcome.launcherOutput() + outcome.outputs())
                .isZero();
        return outcome.outputs();
    }

    static Stream<Arguments> exactCases() {
        return onTwoAndFourRanks(CASES.stream()
                .filter(name -> !name.startsWith("free") && !name.contains("16-"))
                .toList());
    }

    @ParameterizedTest(name = "{1} on {0} ranks")
    @MethodSource("exactCases")
    void gradientsOfSeveralRanksEqualThoseOfOne(int ranks, String stepCase) {
        // Batch norms of the deepest layers divide by the deviation of 28 values here, which makes more of rounding.
        double tolerance = stepCase.startsWith("synced") ? 5e-4 : 1e-5;
        assertClose(gradients(ranks, stepCase), gradients(1, stepCase), tolerance);
    }

    static Stream<Arguments> roundedCases() {
        return onTwoAndFourRanks(
                CASES.stream().filter(name -> name.contains("16-")).toList());
    }

    /** bfloat16 keeps eight bits of each gradient, and Gloo rounds each sum again. */
    @ParameterizedTest(name = "{1} on {0} ranks")
    @MethodSource("roundedCases")
    void gradientsRoundedForTheWayAreNearThoseOfOneRankButNotTheSame(int ranks, String stepCase) {
        Checkpoint found = gradients(ranks, stepCase);
        Checkpoint exact = gradients(1, stepCase);
        assertClose(found, exact, stepCase.contains("bf16") ? 1e-2 : 2e-3);
        NamedTensor first = exact.tensors().get(0);
        assertThat(floats(found.tensor(first.name()).orElseThrow())).isNotEqualTo(floats(first));
    }

    @Test
    void gradientsOfMicroBatchesEqualThoseOfTheWholeBatch() {
        assertClose(gradients(1, "frozen-8-2"), gradients(1, "frozen-8-1"), 1e-5);
    }

    @Test
    void clippingScalesTheUpdateAndNotTheDirection() {
        assertThat(fingerprint(OUTPUTS.get(1).get(0), "frozen-8-1-clip"))
                .isNotEqualTo(fingerprint(OUTPUTS.get(1).get(0), "frozen-8-1"));
    }

    @Test
    void twoRanksOverMpiAndOverGlooEndWithTheSameBits() {
        assertThat(fingerprint(OUTPUTS.get(2).get(0), "free-7-1-mpi"))
                .isEqualTo(fingerprint(OUTPUTS.get(2).get(0), "free-7-1"));
    }

    @ParameterizedTest(name = "{0} ranks")
    @ValueSource(ints = {1, 2, 4})
    void frozenLayersKeepEveryBitUntilAllAreTrained(int ranks) {
        assertThat(OUTPUTS.get(ranks)).allSatisfy(output -> {
            for (String stepCase :
                    CASES.stream().filter(name -> name.contains("backbone")).toList()) {
                assertThat(output)
                        .contains(stepCase + " moved while frozen: 13-15, 18, 21-22")
                        .contains(stepCase + " moved in the end: 0, 2, 4, 6, 8, 10, 12-15, 18, 21-22");
            }
            // Decay moves the kernels of layer 1, which no head uses.
            assertThat(output)
                    .contains("unused-first moved while frozen: 1, 3")
                    .contains("unused-first moved in the end: 0-1, 3");
        });
    }

    static Stream<Arguments> allCases() {
        return onTwoAndFourRanks(CASES);
    }

    private static Stream<Arguments> onTwoAndFourRanks(List<String> cases) {
        return Stream.of(2, 4).flatMap(ranks -> cases.stream().map(stepCase -> Arguments.of(ranks, stepCase)));
    }

    @ParameterizedTest(name = "{1} on {0} ranks")
    @MethodSource("allCases")
    void allRanksHoldBitEqualGradientsAndEndWithBitEqualWeightsAndStatistics(int ranks, String stepCase) {
        List<String> fingerprints = OUTPUTS.get(ranks).stream()
                .map(output -> fingerprint(output, stepCase))
                .toList();

        assertThat(fingerprints).hasSize(ranks).containsOnly(fingerprints.get(0));
        assertThat(fingerprints.get(0)).matches("[0-9a-f]{64} [0-9a-f]{64}");
    }

    private static String fingerprint(String output, String stepCase) {
        return output.lines()
                .filter(line -> line.matches(stepCase + " [0-9a-f]{64} [0-9a-f]{64}"))
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

    /** Within a part of each tensor's largest gradient. */
    private static void assertClose(Checkpoint found, Checkpoint expected, double tolerance) {
        assertThat(found.tensors()).hasSameSizeAs(expected.tensors()).isNotEmpty();
        for (NamedTensor tensor : expected.tensors()) {
            float[] wanted = floats(tensor);
            float[] values = floats(found.tensor(tensor.name()).orElseThrow());
            double largest = largest(wanted);
            if (leadsNowhere(expected, tensor)) {
                assertThat(values).as(tensor.name()).containsOnly(0);
            } else {
                assertThat(largest).as(tensor.name() + " is not all zero").isPositive();
                assertThat(largestDifference(values, wanted) / largest)
                        .as(tensor.name())
                        .isCloseTo(0, within(tolerance));
            }
        }
    }

    /** The small network's second layer: its name in the tiny one is that of a layer without weights. */
    private static boolean leadsNowhere(Checkpoint checkpoint, NamedTensor tensor) {
        return checkpoint.tensors().size() < 10 && tensor.name().startsWith("layers.1.");
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
