package yolompi.distributed.collective;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.torch.LoadLibTorch;

@ExtendWith(LoadLibTorch.class)
class NcclBackendTest {
    @Test
    void rankOnTheCpuDoesNotTryNccl() {
        assertThat(NcclBackend.obstacle(false)).isNotEmpty();
    }

    @Test
    void watchdogHasTheTimeoutOfACollective() {
        assertThat(NcclBackend.settings(77))
                .containsEntry("TORCH_NCCL_HEARTBEAT_TIMEOUT_SEC", "77")
                .containsEntry("TORCH_NCCL_DUMP_ON_TIMEOUT", "1")
                .containsKeys("TORCH_NCCL_ASYNC_ERROR_HANDLING", "TORCH_FR_BUFFER_SIZE");
    }

    /** Java has a copy of the environment; native code reads that of the process. */
    @Test
    void nativeCodeReadsTheSetEnvironment() {
        assertThat(torch.has_env("YOLOMPI_TEST_ONLY")).isFalse();
        torch.set_env("YOLOMPI_TEST_ONLY", "1", false);
        assertThat(torch.has_env("YOLOMPI_TEST_ONLY")).isTrue();
    }
}
