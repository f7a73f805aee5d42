package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.InputException;

final class InputFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectories(folder.resolve("a/deep"));
        for (String name : List.of("z.jpg", "notes.txt", "a/x.PNG", "a/film.mp4", "a/deep/x.jpg", "a/odd[1].jpg")) {
            Files.createFile(folder.resolve(name));
        }
    }

    private List<String> found(String... named) {
        return InputFiles.find(Stream.of(named).map(name -> folder + "/" + name).toList()).stream()
                .map(input -> folder.relativize(input.path()) + " " + input.name())
                .toList();
    }

    @Test
    void folderGivesItsImagesAndVideosSortedByPath() {
        assertThat(found("."))
                .containsExactly("a/deep/x.jpg x", "a/film.mp4 film", "a/odd[1].jpg odd[1]", "a/x.PNG x-2", "z.jpg z");
    }

    @ParameterizedTest
    @CsvSource({
        "*.jpg, z.jpg z",
        "**/x.jpg, a/deep/x.jpg x",
        "**/z.jpg, z.jpg z",
        "a/*.mp4, a/film.mp4 film",
        "a/**/*.jpg, a/deep/x.jpg x;a/odd[1].jpg odd[1]",
        "'{a,b}/?.PNG', a/x.PNG x",
        "a/odd[1].jpg, a/odd[1].jpg odd[1]",
    })
    void patternGivesItsMatches(String pattern, String expected) {
        assertThat(found(pattern)).containsExactly(expected.split(";", -1));
    }

    @Test
    void doubleStarMatchesZeroOrMoreFolders() {
        assertThat(InputFiles.matcher("**/z.jpg").matches(Path.of("z.jpg"))).isTrue();
        assertThat(InputFiles.matcher("**/z.jpg").matches(Path.of("a/b/z.jpg"))).isTrue();
        assertThat(InputFiles.matcher("a/**/z.jpg").matches(Path.of("a/z.jpg"))).isTrue();
        assertThat(InputFiles.matcher("a/*.jpg").matches(Path.of("a/b/z.jpg"))).isFalse();
    }

    @Test
    void inputNamedTwiceIsReadOnceInOrderOfArguments() {
        assertThat(found("z.jpg", "a/x.PNG", "*.jpg")).containsExactly("z.jpg z", "a/x.PNG x");
    }

    @Test
    void namedFileIsReadWithAnyExtension() {
        assertThat(found("notes.txt")).containsExactly("notes.txt notes");
    }

    @ParameterizedTest
    @CsvSource({
        "absent.jpg, absent.jpg: no such file or folder",
        "*.gif, *.gif: no matching files",
        "a/d*, a/d*: no matching files",
        "b/*.jpg, b/*.jpg: no matching files",
        "'{a.jpg', '{a.jpg: no such file, and not a valid pattern'",
    })
    void inputWithoutMatchIsRejected(String named, String message) {
        assertThatThrownBy(() -> found(named))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void outputFolderWithAnInputIsRejected() throws IOException {
        List<InputFile> inputs = InputFiles.find(List.of(folder + "/a/x.PNG"));

        InputFiles.refuseFolderOf(inputs, folder.resolve("out"));
        InputFiles.refuseFolderOf(inputs, folder);
        assertThatThrownBy(() -> InputFiles.refuseFolderOf(inputs, folder.resolve("a/deep/..")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a/x.PNG");
    }

    @Test
    void fileReachedByTwoPathsIsReadOnce() {
        assertThat(found("z.jpg", "./z.jpg", "a/../z.jpg", "."))
                .startsWith("z.jpg z")
                .hasSize(5);
    }

    @Test
    void cycleOfLinksIsRejectedWithItsPath() throws IOException {
        Path loop = Files.createSymbolicLink(folder.resolve("a/deep/up"), Path.of(".."));

        assertThatThrownBy(() -> found("a"))
                .hasCauseInstanceOf(FileSystemLoopException.class)
                .hasMessageContaining(loop.toString());
    }

    @Test
    void imageNamesDoNotCollideWithVideoFrames() throws IOException {
        for (String name : List.of("clip.avi", "Clip_000001.jpg", "clip-2_0000002.jpg", "film_1.png")) {
            Files.createFile(folder.resolve(name));
        }

        List<String> clips = List.of("clip.avi clip-3", "Clip_000001.jpg Clip_000001");
        assertThat(found("clip.avi", "Clip_000001.jpg", "clip-2_0000002.jpg")).containsAll(clips);
        assertThat(found("clip-2_0000002.jpg", "Clip_000001.jpg", "clip.avi")).containsAll(clips);
        assertThat(found("a/film.mp4", "film_1.png")).containsExactly("a/film.mp4 film", "film_1.png film_1");
    }
}
