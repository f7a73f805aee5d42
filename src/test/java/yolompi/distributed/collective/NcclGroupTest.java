package yolompi.distributed.collective;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.distributed.Communicator;
import yolompi.ranks.OneProcess;
import yolompi.torch.DeviceContext;
import yolompi.torch.GpuCheck;
import yolompi.torch.Precision;

/**
 * NCCL with one rank. Host tensors are copied to the GPU and back. {@code GpuRanksTest} tests two
 * ranks.
 */
@Tag("gpu")
@ExtendWith(GpuCheck.class)
@OneProcess
final class NcclGroupTest extends ProcessGroupContract {
    private static final int TIMEOUT_SECONDS = 60;

    @Override
    public ProcessGroup open(Communicator ranks) {
        GpuCheck.assumeGpus(1);
        DeviceContext.gpu(0, Precision.FP32).makeCurrent();
        return TorchProcessGroup.nccl(ranks, "nccl", TIMEOUT_SECONDS);
    }
}
