package yolompi.distributed.collective;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.distributed.Communicator.SingleProcess;
import yolompi.torch.DeviceContext;
import yolompi.torch.GpuCheck;
import yolompi.torch.Precision;

/**
 * All-reduces as many values as yolov3 has gradients over NCCL, with one rank, and measures the
 * time. {@link NcclGroupTest} tests the contract.
 */
@Tag("gpu")
@ExtendWith(GpuCheck.class)
class GpuNcclTest {
    private static final int VALUES = 61_949_149; // of yolov3's gradients

    @BeforeEach
    void requireGpu() {
        GpuCheck.assumeGpus(1);
    }

    @Test
    void sumsOfGpuAndHostTensorsAreExact() {
        DeviceContext gpu = DeviceContext.gpu(0, Precision.FP32);
        gpu.makeCurrent();
        try (PointerScope scope = new PointerScope();
                TorchProcessGroup group = TorchProcessGroup.nccl(new SingleProcess(), "nccl", 60)) {
            Tensor gradients = gpu.toDevice(torch.ones(VALUES)).mul(new Scalar(3));
            Tensor host = torch.ones(5);
            torch.cuda_synchronize();
            long begin = System.nanoTime();
            group.allReduceSum(gradients).await();
            torch.cuda_synchronize();
            GpuCheck.figure("%d MB in %.1f ms", VALUES * 4L / 1_000_000, (System.nanoTime() - begin) / 1e6);
            group.allReduceSum(host).await();
            assertThat(gradients.eq(new Scalar(3)).all().item_bool()).isTrue();
            assertThat(host.sum().item_double()).isEqualTo(5);
        }
    }
}
