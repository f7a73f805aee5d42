package yolompi.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.pytorch.CUDAHooksInterface;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_nccl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.distributed.device.DeviceChoice;
import yolompi.torch.DeviceContext;
import yolompi.torch.GpuCheck;
import yolompi.torch.Precision;
import yolompi.torch.Tensors;
import yolompi.train.memory.MemoryMeter;

/** Compares steps on one GPU with the same steps on the CPU in fp32. */
@Tag("gpu")
@ExtendWith(GpuCheck.class)
class GpuStepTest {
    private static final String FROZEN = "model.frozen_batch_norm=true";
    private static final int IMAGES = 4;
    private static final int SIZE = 128;

    @BeforeEach
    void requireGpu() {
        GpuCheck.assumeGpus(1);
    }

    private static DeviceContext gpu(Precision precision) {
        DeviceContext device = DeviceContext.gpu(0, precision);
        device.makeCurrent();
        DeviceChoice.allowTf32(precision == Precision.TF32);
        return device;
    }

    @Test
    void librariesReportTheirVersions() {
        int nccl = torch_nccl.getNcclVersionNumber();
        GpuCheck.figure(
                "cuDNN %d, CUDA runtime %d, NCCL %d", Context.versionRuntimeCuDNN(), hooks().versionCUDART(), nccl);
        assertThat(Context.hasCuDNN()).isTrue();
        assertThat(nccl).isGreaterThan(20_000);
    }

    private static CUDAHooksInterface hooks() {
        return torch.getCUDAHooks();
    }

    /** The tolerances are about ten times the rounding error of a sum in each precision. */
    @ParameterizedTest(name = "gradients in {0} against the CPU in fp32")
    @CsvSource({"FP32, 1e-4", "TF32, 2e-2", "BF16, 1e-1", "FP16, 2e-2"})
    void lossAndGradientsEqualThoseOfTheCpu(Precision precision, double tolerance) {
        try (StepRun onGpu = new StepRun(gpu(precision), IMAGES, SIZE, FROZEN);
                StepRun onCpu = new StepRun(DeviceContext.PLAIN, IMAGES, SIZE, FROZEN)) {
            onGpu.lossScale().ifPresent(scale -> onGpu.scaleLoss(1024));
            double wanted = onCpu.loss();
            double loss = onGpu.loss();
            double error = StepRun.relativeError(onGpu.gradients(), onCpu.gradients());
            GpuCheck.figure("relative error: loss %.1e, gradients %.1e", Math.abs(loss / wanted - 1), error);
            assertThat(loss).isCloseTo(wanted, within(tolerance * wanted));
            assertThat(error).isLessThan(tolerance);
        }
    }

    @ParameterizedTest(name = "ten steps with {0} against the CPU")
    @CsvSource({"sgd", "adam", "adamw"})
    void weightsAfterTenStepsEqualThoseOfTheCpu(String kind) {
        String[] changes = {
            FROZEN, "optimizer.kind=" + kind, "optimizer.clip_norm=10.0", "dist.backend=auto",
        };
        try (StepRun onGpu = new StepRun(gpu(Precision.FP32), IMAGES, 64, changes);
                StepRun onCpu = new StepRun(DeviceContext.PLAIN, IMAGES, 64, changes)) {
            float[] first = onCpu.weights();
            for (int i = 0; i < 10; i++) {
                assertThat(onGpu.run().finite()).isTrue();
                onCpu.run();
            }
            float[] moved = difference(onCpu.weights(), first);
            double error = StepRun.relativeError(difference(onGpu.weights(), first), moved);
            GpuCheck.figure("relative error of what changed %.1e", error);
            assertThat(error).isLessThan(0.05);
        }
    }

    private static float[] difference(float[] some, float[] others) {
        float[] difference = new float[some.length];
        for (int i = 0; i < some.length; i++) {
            difference[i] = some[i] - others[i];
        }
        return difference;
    }

    @Test
    void prefetchingDoesNotChangeSteps() {
        try (StepRun fed = new StepRun(gpu(Precision.FP32), IMAGES, SIZE, FROZEN);
                StepRun alone = new StepRun(gpu(Precision.FP32), IMAGES, SIZE, FROZEN)) {
            double expected = Double.NaN;
            for (int i = 0; i < 5; i++) {
                expected = alone.run().loss();
            }
            double found = fed.feed(5);
            GpuCheck.figure("relative difference of the fifth loss %.1e", Math.abs(found / expected - 1));
            assertThat(found).isCloseTo(expected, within(1e-3 * expected));
        }
    }

    @Test
    void fp16OverflowsAreSkippedAndTrainingContinues() {
        try (StepRun run = new StepRun(gpu(Precision.FP16), IMAGES, SIZE)) {
            run.scaleLoss(1 << 26);
            float[] weights = run.weights();
            assertThat(run.run().finite()).isFalse();
            assertThat(Arrays.equals(run.weights(), weights)).isTrue();
            double first = Double.NaN;
            double last = Double.NaN;
            int skipped = 1;
            for (int i = 0; i < 60; i++) {
                TrainStep.Result result = run.run();
                skipped += result.finite() ? 0 : 1;
                first = Double.isNaN(first) && result.finite() ? result.loss() : first;
                last = result.loss();
            }
            float factor = Tensors.toFloats(run.lossScale().orElseThrow())[0];
            GpuCheck.figure("%d skipped, factor %.0f, loss %.2f to %.2f", skipped, factor, first, last);
            assertThat(factor).isLessThan(1 << 26).isGreaterThan(1);
            assertThat(last).isLessThan(first / 2);
        }
    }

    @Test
    void peakMemoryGrowsWithTheNumberOfImages() {
        MemoryMeter meter = MemoryMeter.of(gpu(Precision.FP32));
        long few = peakOfAStep(meter, 4);
        long many = peakOfAStep(meter, 16);
        GpuCheck.figure("%.1f MiB an image", (many - few) / 12.0 / (1 << 20));
        assertThat(meter.isHost()).isFalse();
        assertThat(many).isGreaterThan(few).isLessThan(meter.taken() + meter.available());
    }

    private static long peakOfAStep(MemoryMeter meter, int images) {
        try (StepRun run = new StepRun(gpu(Precision.FP32), images, 416)) {
            run.run();
            meter.resetPeak();
            run.run();
            return meter.peak();
        }
    }

    @ParameterizedTest(name = "yolov3-tiny, 416, batch 32, {0}")
    @EnumSource(Precision.class)
    void trainingSpeedIsMeasured(Precision precision) {
        int images = 32;
        int steps = 20;
        try (StepRun run = new StepRun(gpu(precision), images, 416)) {
            for (int i = 0; i < 5; i++) {
                run.run();
            }
            long begin = System.nanoTime();
            boolean finite = true;
            for (int i = 0; i < steps; i++) {
                finite &= run.run().finite() || precision == Precision.FP16;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            GpuCheck.figure("%.0f images/s", images * steps / seconds);
            assertThat(finite).as(precision.name().toLowerCase(Locale.ROOT)).isTrue();
        }
    }
}
