package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Another thread copies to a GPU while the GPU computes. */
@Tag("gpu")
@ExtendWith(GpuCheck.class)
class GpuCopyStreamTest {
    private static final int VALUES = 1 << 22;

    private final ExecutorService feeder = Executors.newSingleThreadExecutor();
    private DeviceContext gpu;
    private CopyStream stream;

    @BeforeEach
    void openAStream() {
        GpuCheck.assumeGpus(1);
        gpu = DeviceContext.gpu(0, Precision.FP32);
        gpu.makeCurrent();
        stream = CopyStream.of(gpu).orElseThrow();
    }

    @AfterEach
    void endTheFeeder() {
        feeder.shutdownNow();
    }

    private Tensor bring(int value) throws ExecutionException, InterruptedException {
        return feeder.submit(() -> stream.run(() -> gpu.toDevice(
                        torch.full(new long[] {VALUES}, new Scalar(value)).pin_memory())))
                .get();
    }

    private static Tensor keepBusy(Tensor matrix, int rounds) {
        Tensor product = matrix;
        for (int i = 0; i < rounds; i++) {
            product = product.matmul(matrix).tanh();
        }
        return product;
    }

    @Test
    void copyDoesNotWaitForEarlierKernels() throws Exception {
        bring(0).close(); // the first one takes the memory
        keepBusy(gpu.toDevice(torch.randn(8192, 8192)), 20);
        long begin = System.nanoTime();
        Tensor copy = bring(7);
        double copied = (System.nanoTime() - begin) / 1e6;
        DeviceGuardImplInterface streams = torch.getDeviceGuardImpl(DeviceType.CUDA);
        boolean stillComputes = !streams.queryStream(streams.getStream(gpu.device()));
        torch.cuda_synchronize();
        GpuCheck.figure("16 MiB after %.1f ms, the rest after %.1f", copied, (System.nanoTime() - begin) / 1e6);
        assertThat(stillComputes).isTrue();
        assertThat(copy.eq(new Scalar(7)).all().item_bool()).isTrue();
    }

    @Test
    void freedCopyIsNotOverwrittenBeforeItIsRead() throws Exception {
        Tensor matrix = gpu.toDevice(torch.randn(2048, 2048));
        List<Tensor> whole = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Tensor copy = bring(i);
            stream.useInStep(copy);
            keepBusy(matrix, 20);
            whole.add(copy.eq(new Scalar(i)).all());
            copy.close();
        }
        assertThat(whole).allMatch(Tensor::item_bool);
    }
}
