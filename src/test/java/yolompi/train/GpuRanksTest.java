package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.global.torch_nccl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.dist.RankLauncher;
import yolompi.dist.RankOutcome;
import yolompi.torch.Compute;
import yolompi.torch.GpuCheck;

/** Steps of two ranks on GPUs, of their own or shared, against the same steps of one rank on the CPU. */
@Tag("gpu")
@Tag("mpi")
@ExtendWith(GpuCheck.class)
class GpuRanksTest {
    /** From this version on NCCL lets ranks share a GPU, where it is told to. */
    private static final int NCCL_SHARES_GPUS = 23_000;

    @TempDir
    private Path folder;

    @BeforeEach
    void needAGpu() {
        GpuCheck.assumeGpus(1);
    }

    @ParameterizedTest(name = "two ranks on GPUs, {0}")
    @ValueSource(
            strings = {
                "frozen-8-1-gpu-nccl",
                "frozen-8-2-gpu-nccl-bf16",
                "synced-8-1-gpu-nccl",
                "frozen-8-1-gpu-gloo",
                "frozen-7-1-gpu-gloo-fp16",
                "synced-8-1-gpu-gloo",
                "frozen-8-1-gpu-mpi",
            })
    void gradientsOfTwoRanksAreThoseOfOneRankOnTheCpu(String text) throws IOException {
        assumeTrue(
                !text.contains("nccl") || Compute.gpus() > 1 || torch_nccl.getNcclVersionNumber() >= NCCL_SHARES_GPUS,
                "needs 2 GPUs, or NCCL 2.30 or newer, with which two ranks share one GPU: run mpi/gpu-check.sh on such a machine");
        String norm = text.substring(0, text.indexOf('-'));
        String plain = norm + (text.contains("-7-") ? "-7-1" : "-8-1");
        RankOutcome wanted = launcher(1).run(own("cpu"), plain);
        RankOutcome found = launcher(2).run(own("gpu"), text);

        assertThat(wanted.exitCode()).as(wanted.outputs().toString()).isZero();
        assertThat(found.exitCode())
                .as(found.launcherOutput() + found.outputs())
                .isZero();
        String line = lastLine(found, 0);
        assertThat(line).startsWith(text).isEqualTo(lastLine(found, 1));
        double error = largestError(gradients("gpu", text), gradients("cpu", plain));
        GpuCheck.figure("relative error %.1e", error);
        assertThat(error).isLessThan(text.contains("bf16") ? 2e-2 : text.contains("fp16") ? 5e-3 : 1e-3);
    }

    private static RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(StepProgram.class).ranks(ranks).environment("NCCL_MULTI_RANK_GPU_ENABLE", "1");
    }

    private String own(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name)).toString();
    }

    private static String lastLine(RankOutcome outcome, int rank) {
        List<String> lines = outcome.lines(rank);
        return lines.get(lines.size() - 1);
    }

    private Checkpoint gradients(String where, String text) {
        return Safetensors.read(StepCase.parse(text).gradientFile(folder.resolve(where)));
    }

    private static double largestError(Checkpoint found, Checkpoint wanted) {
        assertThat(wanted.tensors()).isNotEmpty();
        return wanted.tensors().stream()
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
