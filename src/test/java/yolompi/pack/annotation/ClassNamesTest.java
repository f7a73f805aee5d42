package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;

class ClassNamesTest {
    @TempDir
    private Path folder;

    private ClassNames read(String text) throws IOException {
        return ClassNames.read(Files.writeString(folder.resolve("a.names"), text));
    }

    @Test
    void eachLineIsANameAndTrailingBlankLinesAreIgnored() throws IOException {
        assertThat(read(" cat\r\ndog \n\n\n").names()).containsExactly("cat", "dog");
    }

    @Test
    void blankLineBetweenNamesIsRejected() {
        assertThatThrownBy(() -> read("cat\n\ndog\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("a.names, line 2", "blank line", "class 1");
    }

    @Test
    void duplicateNameIsRejected() {
        assertThatThrownBy(() -> read("cat\ndog\ncat\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'cat' is used twice, for classes 0 and 2");
    }
}
