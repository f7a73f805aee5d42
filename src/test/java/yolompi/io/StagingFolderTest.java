package yolompi.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

class StagingFolderTest {
    @TempDir
    private Path folder;

    @Test
    void linkAtTheTargetIsFollowed() throws IOException {
        Path scratch = Files.createDirectories(folder.resolve("scratch/set"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), scratch);

        try (StagingFolder made = StagingFolder.beside(link)) {
            assertThat(made.path().toRealPath().getParent())
                    .isEqualTo(scratch.getParent().toRealPath());
            Files.writeString(made.path().resolve("file"), "x");
            made.publish();
        }

        assertThat(link.resolve("file")).hasContent("x");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void pathBelowAFileIsRejected() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StagingFolder.requireFree(file.resolve("data/train")))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(file + " is not a writable folder; name another location");
    }

    @Test
    void danglingLinkIsRejected() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));

        assertThatThrownBy(() -> StagingFolder.beside(link))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a dangling link");
    }

    @Test
    void fileSystemRootIsRejected() {
        assertThatThrownBy(() -> StagingFolder.requireFree(Path.of("/proc")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("root of a file system")
                .hasMessageContaining("name a new folder in it");
    }
}
