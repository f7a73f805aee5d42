package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.torch.GpuCode;

@Command(
        name = "gpu-code",
        description = "Lists the GPU architectures that a library has machine code for, or removes all but one"
                + " (mpi/bundle/bundle.sh --gpu).",
        hidden = true)
final class GpuCodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "LIBRARY", description = "Shared library, such as libtorch_cuda.so.")
    private Path library;

    @Option(
            names = "--keep",
            paramLabel = "SM",
            description = "Keep only the code that runs on this architecture, such as sm_90. Changes the file itself.")
    private String kept;

    @Override
    public Integer call() throws IOException {
        if (kept == null) {
            GpuCode.in(library)
                    .forEach((capability, bytes) ->
                            System.out.printf(Locale.ROOT, "sm_%-4d %8.1f MB%n", capability, bytes / 1e6));
        } else {
            System.out.println(
                    "kept the code of these compute capabilities (90 is sm_90): " + GpuCode.keepOnly(library, kept));
        }
        return 0;
    }
}
