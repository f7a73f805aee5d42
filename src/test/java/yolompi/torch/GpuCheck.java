package yolompi.torch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Prints a table row of {@code mpi/gpu/gpu-check.sh} for each test:
 * {@code gpu-check: NAME | RESULT | FIGURE}.
 */
public final class GpuCheck implements TestWatcher {
    /** One test runs at a time. */
    private static String figure = "";

    /** Skips the test, with the reason, if there are fewer GPUs. */
    public static void assumeGpus(int count) {
        LoadLibTorch.now();
        int found = DeviceContext.gpus();
        assumeTrue(
                found >= count,
                "needs %d GPU(s), found %d%s: run mpi/gpu/gpu-check.sh on a machine with NVIDIA GPUs"
                        .formatted(count, found, CudaLibraries.areInTheBuild() ? "" : " (LibTorch's build for CPUs)"));
    }

    /** Sets the measured value for the table. */
    public static void figure(String format, Object... values) {
        figure = String.format(Locale.ROOT, format, values);
    }

    @Override
    public void testSuccessful(ExtensionContext test) {
        print(test, "passed");
    }

    @Override
    public void testFailed(ExtensionContext test, Throwable cause) {
        print(
                test,
                "FAILED: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
    }

    @Override
    public void testAborted(ExtensionContext test, Throwable cause) {
        print(test, "skipped: " + cause.getMessage());
    }

    @Override
    public void testDisabled(ExtensionContext test, Optional<String> reason) {
        print(test, "skipped: " + reason.orElse(""));
    }

    private static void print(ExtensionContext test, String result) {
        String name = test.getRequiredTestMethod().getName() + " " + test.getDisplayName();
        System.out.printf("gpu-check: %s | %s | %s%n", name, result, figure);
        figure = "";
    }
}
