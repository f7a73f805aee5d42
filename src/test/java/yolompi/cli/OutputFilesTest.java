package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

class OutputFilesTest {
    @TempDir
    private Path folder;

    private void check(String json, String detections) {
        OutputFiles.check(
                "--json", Optional.of(folder.resolve(json)), "--detections", Optional.of(folder.resolve(detections)));
    }

    @Test
    void unwritableOutputIsRefusedAtTheStart() throws IOException {
        Files.createFile(folder.resolve("file"));
        Files.createDirectory(folder.resolve("folder"));
        assertThatThrownBy(() -> check("folder", "b"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--json", "is a folder");
        assertThatThrownBy(() -> check("a", "file/b"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--detections", "file is a file");
        assertThatThrownBy(() -> check("a", "folder/../a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("name the same file");
        assertThatCode(() -> check("new/folder/a", "file")).doesNotThrowAnyException();
    }

    @Test
    void inputFileIsNotReplaced() throws IOException {
        Path input = Files.writeString(folder.resolve("detections.json"), "[]");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), input);
        for (Path output : List.of(input, folder.resolve("./detections.json"), link)) {
            assertThatThrownBy(() -> OutputFiles.keepApart("--json", Optional.of(output), "--detections", input))
                    .isInstanceOf(InputException.class)
                    .hasMessageContainingAll("--json", output.toString(), "--detections", "would overwrite");
        }
        assertThatCode(() -> OutputFiles.keepApart(
                        "--json", Optional.of(folder.resolve("other.json")), "--detections", input))
                .doesNotThrowAnyException();
        assertThatCode(() -> OutputFiles.keepApart("--json", Optional.empty(), "--detections", input))
                .doesNotThrowAnyException();
    }
}
