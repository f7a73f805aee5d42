package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static yolompi.recipe.DistRecipe.Backend.GLOO;
import static yolompi.recipe.DistRecipe.Backend.MPI;
import static yolompi.recipe.DistRecipe.Backend.NCCL;
import static yolompi.recipe.DistRecipe.Compression.BF16;
import static yolompi.recipe.DistRecipe.Compression.FP16;
import static yolompi.train.step.StepCase.BatchNorm.FROZEN;
import static yolompi.train.step.StepCase.BatchNorm.SYNCED;
import static yolompi.train.step.StepCase.Option.ON_GPU;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch_nccl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;
import yolompi.recipe.DistRecipe.Compression;
import yolompi.torch.DeviceContext;
import yolompi.torch.GpuCheck;

/**
 * Compares steps of two ranks on GPUs, shared or not, with the same steps of one rank on the CPU.
 */
@Tag("gpu")
@Tag("mpi")
@ExtendWith(GpuCheck.class)
class GpuRanksTest {
    /** The first version of NCCL in which ranks may share a GPU. */
    private static final int NCCL_SHARES_GPUS = 23_000;

    @TempDir
    private Path folder;

    @BeforeEach
    void requireGpu() {
        GpuCheck.assumeGpus(1);
    }

    static Stream<StepCase> cases() {
        StepCase even = StepCase.of(FROZEN, 8).with(ON_GPU);
        StepCase synced = StepCase.of(SYNCED, 8).with(ON_GPU);
        return Stream.of(
                even.backend(NCCL),
                even.microBatches(2).backend(NCCL).compression(BF16),
                synced.backend(NCCL),
                even.backend(GLOO),
                StepCase.of(FROZEN, 7).with(ON_GPU).backend(GLOO).compression(FP16),
                synced.backend(GLOO),
                even.backend(MPI));
    }

    @ParameterizedTest(name = "two ranks: {0}")
    @MethodSource("cases")
    void gradientsOfTwoRanksOnGpusEqualThoseOfOneRankOnTheCpu(StepCase stepCase) throws IOException {
        assumeTrue(
                stepCase.backend() != NCCL
                        || DeviceContext.gpus() > 1
                        || torch_nccl.getNcclVersionNumber() >= NCCL_SHARES_GPUS,
                "needs 2 GPUs, or NCCL 2.30 or newer, which lets two ranks share one GPU:"
                        + " run mpi/gpu/gpu-check.sh on such a machine");
        StepCase onCpu = StepCase.of(stepCase.batchNorm(), stepCase.images());
        RankOutcome expected = launcher(1).run(own("cpu"), onCpu.text());
        RankOutcome found = launcher(2).run(own("gpu"), stepCase.text());

        assertThat(expected.exitCode()).as(expected.outputs().toString()).isZero();
        assertThat(found.exitCode())
                .as(found.launcherOutput() + found.outputs())
                .isZero();
        assertThat(StepOutcome.in(found.lines(0), stepCase)).isEqualTo(StepOutcome.in(found.lines(1), stepCase));
        double error = largestError(gradients("gpu", stepCase), gradients("cpu", onCpu));
        GpuCheck.figure("relative error %.1e", error);
        assertThat(error).isLessThan(tolerance(stepCase.compression()));
    }

    private static double tolerance(Compression compression) {
        return switch (compression) {
            case NONE -> 1e-3;
            case FP16 -> 5e-3;
            case BF16 -> 2e-2;
        };
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(StepProgram.class).ranks(ranks).environment("NCCL_MULTI_RANK_GPU_ENABLE", "1");
    }

    private String own(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name)).toString();
    }

    private Checkpoint gradients(String where, StepCase stepCase) {
        return Safetensors.read(stepCase.gradientFile(folder.resolve(where)));
    }

    private static double largestError(Checkpoint found, Checkpoint expected) {
        assertThat(expected.tensors()).isNotEmpty();
        return expected.tensors().stream()
                .mapToDouble(tensor ->
                        StepRun.relativeError(floats(found.tensor(tensor.name()).orElseThrow()), floats(tensor)))
                .max()
                .orElseThrow();
    }

    private static float[] floats(NamedTensor tensor) {
        float[] values = new float[tensor.bytes().remaining() / Float.BYTES];
        tensor.bytes().asFloatBuffer().get(values);
        return values;
    }
}
