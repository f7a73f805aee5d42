package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static yolompi.recipe.DistRecipe.Backend.GLOO;
import static yolompi.recipe.DistRecipe.Backend.MPI;
import static yolompi.recipe.DistRecipe.Compression.BF16;
import static yolompi.recipe.DistRecipe.Compression.FP16;
import static yolompi.train.step.StepCase.BatchNorm.FROZEN;
import static yolompi.train.step.StepCase.BatchNorm.LOCAL;
import static yolompi.train.step.StepCase.BatchNorm.SYNCED;
import static yolompi.train.step.StepCase.Option.CLIPPED;
import static yolompi.train.step.StepCase.Option.FROZEN_BACKBONE;
import static yolompi.train.step.StepCase.Option.FROZEN_FIRST_LAYER;
import static yolompi.train.step.StepCase.Option.UNUSED_LAYER;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Compares the same steps on 1, 2 and 4 real ranks. One job per number of ranks runs all cases. */
@Tag("mpi")
class TrainStepRanksTest {
    private static final StepCase EVEN = StepCase.of(FROZEN, 8);
    private static final StepCase MICRO_BATCHES = EVEN.microBatches(2);
    private static final StepCase CLIPPED_STEP = EVEN.with(CLIPPED);
    private static final StepCase LOCAL_UNEVEN = StepCase.of(LOCAL, 7);
    private static final StepCase LOCAL_UNEVEN_OVER_MPI = LOCAL_UNEVEN.backend(MPI);
    private static final StepCase FIRST_LAYER_FROZEN = EVEN.with(UNUSED_LAYER, FROZEN_FIRST_LAYER);

    /**
     * Even and uneven shares, with and without micro-batches, with every reducer, backend and
     * compression.
     */
    private static final List<StepCase> CASES = List.of(
            EVEN,
            StepCase.of(FROZEN, 7),
            StepCase.of(FROZEN, 5),
            MICRO_BATCHES,
            StepCase.of(FROZEN, 5).backend(MPI),
            MICRO_BATCHES.backend(MPI),
            CLIPPED_STEP,
            EVEN.backend(GLOO).compression(BF16),
            EVEN.backend(GLOO).compression(FP16),
            StepCase.of(FROZEN, 7).backend(MPI).compression(BF16),
            StepCase.of(FROZEN, 7).backend(MPI).compression(FP16),
            StepCase.of(LOCAL, 8),
            LOCAL_UNEVEN,
            LOCAL_UNEVEN_OVER_MPI,
            StepCase.of(SYNCED, 8),
            StepCase.of(SYNCED, 7).backend(MPI),
            StepCase.of(SYNCED, 8).microBatches(2),
            MICRO_BATCHES.with(UNUSED_LAYER),
            StepCase.of(LOCAL, 8).backend(MPI).with(UNUSED_LAYER),
            FIRST_LAYER_FROZEN,
            StepCase.of(SYNCED, 8).with(FROZEN_BACKBONE, CLIPPED),
            MICRO_BATCHES.with(FROZEN_BACKBONE),
            LOCAL_UNEVEN_OVER_MPI.with(FROZEN_BACKBONE));

    @TempDir
    private static Path folder;

    /** The outcome for each number of ranks. */
    private static final Map<Integer, RankOutcome> OUTCOMES = new HashMap<>();

    @BeforeAll
    static void takeTheSteps() throws IOException {
        for (int ranks : new int[] {1, 2, 4}) {
            Files.createDirectory(gradientFolder(ranks));
            String[] args = Stream.concat(
                            Stream.of(gradientFolder(ranks).toString()),
                            CASES.stream().map(StepCase::text))
                    .toArray(String[]::new);
            RankOutcome outcome = RankLauncher.ofMain(StepProgram.class)
                    .ranks(ranks)
                    .within(Duration.ofMinutes(10))
                    .run(args);
            assertThat(outcome.exitCode())
                    .as(outcome.launcherOutput() + outcome.outputs())
                    .isZero();
            OUTCOMES.put(ranks, outcome);
        }
    }

    static Stream<Arguments> allCases() {
        return onTwoAndFourRanks(stepCase -> true);
    }

    static Stream<Arguments> exactCases() {
        return onTwoAndFourRanks(stepCase -> stepCase.batchNorm() != LOCAL && !stepCase.isCompressed());
    }

    static Stream<Arguments> compressedCases() {
        return onTwoAndFourRanks(StepCase::isCompressed);
    }

    static Stream<Arguments> frozenBackboneCases() {
        return Stream.concat(
                onRanks(1, stepCase -> stepCase.has(FROZEN_BACKBONE)),
                onTwoAndFourRanks(stepCase -> stepCase.has(FROZEN_BACKBONE)));
    }

    private static Stream<Arguments> onTwoAndFourRanks(Predicate<StepCase> which) {
        return Stream.concat(onRanks(2, which), onRanks(4, which));
    }

    private static Stream<Arguments> onRanks(int ranks, Predicate<StepCase> which) {
        return CASES.stream().filter(which).map(stepCase -> Arguments.of(ranks, stepCase));
    }

    @ParameterizedTest(name = "{0} ranks: {1}")
    @MethodSource("exactCases")
    void gradientsOfSeveralRanksEqualThoseOfOne(int ranks, StepCase stepCase) {
        // The deepest batch norms divide by the deviation of only 28 values, which amplifies
        // rounding.
        double tolerance = stepCase.batchNorm() == SYNCED ? 5e-4 : 1e-5;
        assertClose(gradients(ranks, stepCase), gradients(1, stepCase), tolerance);
    }

    /** bfloat16 keeps eight bits of each gradient, and Gloo rounds each sum again. */
    @ParameterizedTest(name = "{0} ranks: {1}")
    @MethodSource("compressedCases")
    void compressedGradientsAreCloseToThoseOfOneRankButNotEqual(int ranks, StepCase stepCase) {
        Checkpoint found = gradients(ranks, stepCase);
        Checkpoint exact = gradients(1, stepCase);
        assertClose(found, exact, stepCase.compression() == BF16 ? 1e-2 : 2e-3);
        NamedTensor first = exact.tensors().get(0);
        assertThat(floats(found.tensor(first.name()).orElseThrow())).isNotEqualTo(floats(first));
    }

    @Test
    void gradientsOfMicroBatchesEqualThoseOfTheWholeBatch() {
        assertClose(gradients(1, MICRO_BATCHES), gradients(1, EVEN), 1e-5);
    }

    @Test
    void clippingChangesTheWeightsButNotTheGradients() {
        StepOutcome clipped = outcome(1, 0, CLIPPED_STEP);
        StepOutcome free = outcome(1, 0, EVEN);

        assertThat(clipped.gradients()).isEqualTo(free.gradients());
        assertThat(clipped.weights()).isNotEqualTo(free.weights());
    }

    @Test
    void twoRanksOverMpiAndOverGlooEndWithTheSameBits() {
        StepOutcome mpi = outcome(2, 0, LOCAL_UNEVEN_OVER_MPI);
        StepOutcome gloo = outcome(2, 0, LOCAL_UNEVEN);

        assertThat(mpi.gradients()).isEqualTo(gloo.gradients());
        assertThat(mpi.weights()).isEqualTo(gloo.weights());
    }

    @ParameterizedTest(name = "{0} ranks: {1}")
    @MethodSource("frozenBackboneCases")
    void frozenBackboneKeepsEveryBitUntilAllLayersAreTrained(int ranks, StepCase stepCase) {
        assertThat(outcomes(ranks, stepCase)).allSatisfy(outcome -> {
            assertThat(outcome.movedWhileFrozen()).isEqualTo("13-15, 18, 21-22");
            assertThat(outcome.movedInTheEnd()).isEqualTo("0, 2, 4, 6, 8, 10, 12-15, 18, 21-22");
        });
    }

    /** Weight decay moves the kernels of layer 1, which no head uses. */
    @ParameterizedTest(name = "{0} ranks")
    @ValueSource(ints = {1, 2, 4})
    void frozenFirstLayerKeepsEveryBitUntilAllLayersAreTrained(int ranks) {
        assertThat(outcomes(ranks, FIRST_LAYER_FROZEN)).allSatisfy(outcome -> {
            assertThat(outcome.movedWhileFrozen()).isEqualTo("1, 3");
            assertThat(outcome.movedInTheEnd()).isEqualTo("0-1, 3");
        });
    }

    @ParameterizedTest(name = "{0} ranks: {1}")
    @MethodSource("allCases")
    void gradientsWeightsAndStatisticsAreBitEqualOnAllRanks(int ranks, StepCase stepCase) {
        List<StepOutcome> outcomes = outcomes(ranks, stepCase);

        assertThat(outcomes).hasSize(ranks).containsOnly(outcomes.get(0));
        assertThat(outcomes.get(0).gradients()).matches("[0-9a-f]{64}");
        assertThat(outcomes.get(0).weights()).matches("[0-9a-f]{64}");
    }

    private static List<StepOutcome> outcomes(int ranks, StepCase stepCase) {
        return IntStream.range(0, ranks)
                .mapToObj(rank -> outcome(ranks, rank, stepCase))
                .toList();
    }

    private static StepOutcome outcome(int ranks, int rank, StepCase stepCase) {
        return StepOutcome.in(OUTCOMES.get(ranks).lines(rank), stepCase);
    }

    private static Path gradientFolder(int ranks) {
        return folder.resolve(ranks + "-ranks");
    }

    private static Checkpoint gradients(int ranks, StepCase stepCase) {
        return Safetensors.read(stepCase.gradientFile(gradientFolder(ranks)));
    }

    /** The tolerance is relative to the largest gradient of each tensor. */
    private static void assertClose(Checkpoint found, Checkpoint expected, double tolerance) {
        assertThat(found.tensors()).hasSameSizeAs(expected.tensors()).isNotEmpty();
        for (NamedTensor tensor : expected.tensors()) {
            float[] target = floats(tensor);
            float[] values = floats(found.tensor(tensor.name()).orElseThrow());
            double largest = largest(target);
            if (isUnused(expected, tensor)) {
                assertThat(values).as(tensor.name()).containsOnly(0);
            } else {
                assertThat(largest).as(tensor.name() + " is not all zero").isPositive();
                assertThat(largestDifference(values, target) / largest)
                        .as(tensor.name())
                        .isCloseTo(0, within(tolerance));
            }
        }
    }

    /** Layer 1 of the network with an unused layer; in the tiny network layer 1 has no weights. */
    private static boolean isUnused(Checkpoint checkpoint, NamedTensor tensor) {
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
