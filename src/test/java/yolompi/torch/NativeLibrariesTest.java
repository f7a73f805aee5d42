package yolompi.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

@Tag("mpi")
class NativeLibrariesTest {
    @TempDir
    private Path cache;

    @Test
    void ranksUnpackOnceAndReplaceATruncatedLibrary() throws IOException {
        assertThatRanksAdd(launcher(4), 4);

        Path library = unpackedLibrary();
        long bytes = Files.size(library);
        try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
            file.setLength(bytes / 2);
        }
        assertThatRanksAdd(launcher(2), 2);
        assertThat(library).hasSize(bytes);
    }

    @Test
    void otherLibTorchOnTheLibraryPathIsIgnored(@TempDir Path module) throws IOException {
        Path foreign = Path.of(System.getProperty("java.home"), "lib", "libzip.so"); // any library that is not LibTorch
        for (String name : List.of("libc10.so", "libtorch_cpu.so", "libtorch.so")) {
            Files.copy(foreign, module.resolve(name));
        }

        assertThatRanksAdd(launcher(1).environment("LD_LIBRARY_PATH", module.toString()), 1);
    }

    private RankLauncher launcher(int ranks) {
        return RankLauncher.ofMain(Addition.class).ranks(ranks).jvmFlags("-Dorg.bytedeco.javacpp.cachedir=" + cache);
    }

    private static void assertThatRanksAdd(RankLauncher launcher, int ranks) {
        RankOutcome outcome = launcher.run();

        assertThat(outcome.exitCode())
                .as(outcome.outputs() + outcome.launcherOutput())
                .isZero();
        assertThat(outcome.outputs()).isEqualTo(Collections.nCopies(ranks, "2.0\n"));
    }

    private Path unpackedLibrary() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith("libtorch_cpu.so"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Adds one and one with LibTorch. */
    static final class Addition {
        private Addition() {}

        public static void main(String[] args) {
            NativeLibraries.load(torch.class);
            System.out.println(torch.ones(1).add(torch.ones(1)).item_double());
        }
    }
}
