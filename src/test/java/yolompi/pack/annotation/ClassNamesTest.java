package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;

class ClassNamesTest {
    @TempDir
    private Path folder;

    private ClassNames read(String text) throws IOException {
        return ClassNames.read(Files.writeString(folder.resolve("a.names"), text));
    }

    private ClassNames readYaml(String text) throws IOException {
        return ClassNames.read(Files.writeString(folder.resolve("data.yaml"), text));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train: ../train/images\nnc: 3\nnames: ['red cell', \"it's, so\", plate]\nroboflow:\n  version: 1\n",
                "names: [red cell,\n  'it''s, so', plate] # in order\n",
                "names: [red cell, \"it's, so\",\n  plate]\n",
                "names:\n- red cell\n- \"it's, so\"\n# the last\n- plate\nnc: 3\n",
                "names:\n  0: red cell\n  1: \"it's, so\"  # a comma\n\n  2: plate\ndownload: a.zip\n",
                "names: {0: red cell, 1: \"it's, so\", 2: plate}\n",
            })
    void listAndNumberedNamesKeepTheirOrder(String text) throws IOException {
        assertThat(readYaml(text).names()).containsExactly("red cell", "it's, so", "plate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"names:\n  1: cat\n", "names: cat\n", "names: []\n", "names:\nnc: 2\n", "names: [cat", "nc: 2"})
    void yamlWithoutAListOfNamesIsRejectedWithItsFile(String text) {
        assertThatThrownBy(() -> readYaml(text))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("data.yaml", "names", "expected");
    }

    @Test
    void duplicateNameInYamlIsRejected() {
        assertThatThrownBy(() -> readYaml("names: [cat, cat]"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("data.yaml", "'cat' is used twice");
    }
}
