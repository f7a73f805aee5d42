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
        description =
                "Shows for which GPUs a library has machine code, or makes it smaller for one kind of them (mpi/bundle/bundle.sh --gpu).",
        hidden = true)
final class GpuCodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "LIBRARY", description = "Such as libtorch_cuda.so.")
    private Path library;

    @Option(
            names = "--keep",
            paramLabel = "SM",
            description = "Overwrite all code but that for these cards, such as sm_90, in the file itself.")
    private String kept;

    @Override
    public Integer call() throws IOException {
        if (kept == null) {
            GpuCode.in(library)
                    .forEach((capability, bytes) ->
                            System.out.printf(Locale.ROOT, "sm_%-4d %8.1f MB%n", capability, bytes / 1e6));
        } else {
            System.out.println("kept the code of compute capability (times ten) " + GpuCode.keepOnly(library, kept));
        }
        return 0;
    }
}
