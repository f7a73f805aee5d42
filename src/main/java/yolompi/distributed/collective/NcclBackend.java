package yolompi.distributed.collective;

import java.util.Map;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import yolompi.distributed.world.World;
import yolompi.torch.CudaLibraries;

/**
 * Opens and configures LibTorch's NCCL backend. Only this class loads NCCL, so the CPU build never
 * does.
 */
final class NcclBackend {
    private NcclBackend() {}

    /** Why this process cannot use NCCL; empty if it may try. */
    static String obstacle(boolean onGpu) {
        if (!CudaLibraries.areInTheBuild()) {
            return "this is the build for CPUs; NCCL needs the build for GPUs: mvn -Pgpu -DskipTests package";
        }
        return onGpu ? "" : "this process computes on the CPU";
    }

    /**
     * Opens NCCL between GPUs. The current device of the calling thread must be the GPU of this
     * rank.
     */
    static Backend open(Store store, World world, Milliseconds timeout) {
        // LibTorch and NCCL read the environment when the first communicator is created.
        // Variables that the user has set stay.
        settings(timeout.count() / 1000).forEach((name, value) -> torch.set_env(name, value, false));
        try {
            ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
            options.timeout(timeout);
            return new ProcessGroupNCCL(store, world.rank(), world.size(), options);
        } catch (LinkageError e) {
            // JavaCPP loads all CUDA presets before the NCCL preset.
            throw new IllegalStateException(
                    "NCCL cannot be loaded; check that libcuda.so.1, libcusolver.so.12 and libcusolverMg.so.12 are on"
                            + " LD_LIBRARY_PATH: " + e,
                    e);
        }
    }

    /**
     * Environment variables of LibTorch's NCCL backend. Its own defaults have changed between
     * versions.
     *
     * @param timeoutSeconds time-out of a collective
     */
    static Map<String, String> settings(long timeoutSeconds) {
        return Map.of(
                // A collective that fails or times out ends the process; mpirun then ends the job.
                // 3: do not wait for the GPU first, because it may never answer.
                "TORCH_NCCL_ASYNC_ERROR_HANDLING", "3",
                // Flight recorder: sizes and states of the last collectives. It shows which ranks
                // waited and which one was missing.
                "TORCH_FR_BUFFER_SIZE", "2000",
                // Writes it at a time-out to TORCH_FR_DUMP_TEMP_FILE + rank
                // (/tmp/nccl_trace_rank_0).
                "TORCH_NCCL_DUMP_ON_TIMEOUT", "1",
                // A second thread watches NCCL's watchdog thread: if that hangs in the driver, the
                // process still ends.
                "TORCH_NCCL_ENABLE_MONITORING", "1",
                "TORCH_NCCL_HEARTBEAT_TIMEOUT_SEC", Long.toString(timeoutSeconds),
                // NCCL prints why it fails; the exception holds only a part of that.
                "NCCL_DEBUG", "WARN");
    }
}
