package yolompi.dist;

import java.util.Map;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import yolompi.torch.CudaLibraries;

/** LibTorch's way to NCCL: all that the build for CPUs must not load, and the settings. */
final class NcclBackend {
    private NcclBackend() {}

    /** Why this process cannot use NCCL; empty where it may try. */
    static String obstacle(boolean onGpu) {
        if (!CudaLibraries.areInTheBuild()) {
            return "this is the build for CPUs; NCCL needs the build for GPUs: mvn -Pgpu -DskipTests package";
        }
        return onGpu ? "" : "this process computes on the CPU";
    }

    /** Between GPUs; the current device of this thread must be its own. */
    static Backend open(Store store, World world, Milliseconds timeout) {
        // LibTorch and NCCL read them when the first communicator is made; what the user has set stays.
        settings(timeout.count() / 1000).forEach((name, value) -> torch.set_env(name, value, false));
        try {
            ProcessGroupNCCL.Options options = ProcessGroupNCCL.Options.create();
            options.timeout(timeout);
            return new ProcessGroupNCCL(store, world.rank(), world.size(), options);
        } catch (LinkageError e) {
            // JavaCPP loads all of CUDA's presets before those of NCCL.
            throw new IllegalStateException(
                    "NCCL cannot be loaded: " + e
                            + "; check that libcuda.so.1, libcusolver.so.12 and libcusolverMg.so.12 are on"
                            + " LD_LIBRARY_PATH",
                    e);
        }
    }

    /**
     * The environment of LibTorch's NCCL, whose own defaults have changed from version to version.
     *
     * @param timeoutSeconds of a collective
     */
    static Map<String, String> settings(long timeoutSeconds) {
        return Map.of(
                // A collective that fails or is late on any rank takes the process down, and so, by mpirun, the job;
                // 3: without waiting for the GPU, which may be for ever.
                "TORCH_NCCL_ASYNC_ERROR_HANDLING", "3",
                // The flight recorder: sizes and states of the last collectives, which tell the ranks that waited
                // from the one that never came.
                "TORCH_FR_BUFFER_SIZE", "2000",
                // It is written at a time-out, to TORCH_FR_DUMP_TEMP_FILE and the rank (/tmp/nccl_trace_rank_0).
                "TORCH_NCCL_DUMP_ON_TIMEOUT", "1",
                // A second thread watches the one that watches the collectives: should that hang in a call to the
                // driver, the process ends all the same.
                "TORCH_NCCL_ENABLE_MONITORING", "1",
                "TORCH_NCCL_HEARTBEAT_TIMEOUT_SEC", Long.toString(timeoutSeconds),
                // NCCL itself says why it fails, which an exception holds in part only.
                "NCCL_DEBUG", "WARN");
    }
}
