package yolompi.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void writeCreatesTheFolderAndReplacesTheFile() throws IOException {
        Path file = folder.resolve("a/b/file.txt");
        AtomicFile.write(file, out -> out.write('1'));
        AtomicFile.write(file, out -> out.write('2'));
        assertThat(file).hasContent("2");
        assertThat(file.getParent().toFile().list()).containsExactly("file.txt");
    }

    @Test
    void oldFileStaysUntilTheNewFileIsComplete() throws IOException {
        Path file = folder.resolve("file.txt");
        Files.writeString(file, "old");
        AtomicFile.write(file, out -> {
            out.write('n');
            out.flush();
            assertThat(file).hasContent("old");
        });
        assertThat(file).hasContent("n");
    }

    @Test
    void folderOfTheSameNameIsRejected() {
        assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write('n')))
                .hasMessage(folder + ": is a folder, expected the name of a file");
    }

    @Test
    void failureNamesTheFileNotTheTemporaryFile() {
        Path nowhere = Path.of("/proc/picture.png"); // no user can create a file there
        assertThatThrownBy(() -> AtomicFile.write(nowhere, out -> out.write('n')))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("/proc/picture.png: (no such file or directory|permission denied)");
    }

    @Test
    void failureLeavesOnlyTheOldFile() throws IOException {
        Path file = folder.resolve("file.txt");
        Files.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write('n');
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("file.txt");
    }

    @Test
    void libraryWritesToATemporaryFileOfTheSameName() throws IOException {
        Path file = folder.resolve("a/file.txt");
        AtomicFile.writeByPath(file, path -> {
            assertThat(path.getFileName()).hasToString("file.txt");
            Files.writeString(path, "new");
            assertThat(file).doesNotExist();
        });
        assertThat(file).hasContent("new");
        assertThatThrownBy(() -> AtomicFile.writeByPath(file, path -> {
                    Files.writeString(path, "n");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasContent("new");
        assertThat(file.getParent().toFile().list()).containsExactly("file.txt");
    }

    @Test
    void longestFileNameIsAccepted() throws IOException {
        Path file = folder.resolve("n".repeat(255));
        AtomicFile.write(file, out -> out.write('n'));
        assertThat(file).hasContent("n");
    }

    @Test
    void tooLongFileNameIsInTheMessage() {
        Path file = folder.resolve("n".repeat(256));
        assertThatThrownBy(() -> AtomicFile.write(file, out -> out.write('n')))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileIsCompleteWhileManyThreadsWriteIt() throws IOException {
        Path file = folder.resolve("file.txt");
        IntStream.range(0, 200).parallel().forEach(i -> {
            try {
                AtomicFile.write(
                        file,
                        out -> out.write(String.valueOf(i % 10).repeat(100).getBytes(US_ASCII)));
                assertThat(Files.readString(file)).matches("(\\d)\\1{99}");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(folder.toFile().list()).containsExactly("file.txt");
    }

    @Test
    void linkMovesToAnotherFile() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path second = Files.writeString(folder.resolve("second"), "2");
        Path link = folder.resolve("link");
        for (Path file : new Path[] {first, second}) {
            AtomicFile.link(link, file, folder.resolve("link.tmp"));
            assertThat(Files.readSymbolicLink(link)).isEqualTo(file.getFileName());
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("first", "second", "link");
    }

    @Test
    void copyReplacesALinkButNotItsTarget() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path second = Files.writeString(folder.resolve("second"), "2");
        Path link = folder.resolve("link");
        AtomicFile.link(link, first, folder.resolve("link.tmp"));
        AtomicFile.copy(second, link, folder.resolve("link.tmp"));
        assertThat(link).hasContent("2").isRegularFile();
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(first).hasContent("1");
    }
}
