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

class YamlNamesTest {
    @TempDir
    private Path folder;

    private ClassNames read(String text) throws IOException {
        return ClassNames.read(Files.writeString(folder.resolve("data.yaml"), text));
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
        assertThat(read(text).names()).containsExactly("red cell", "it's, so", "plate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"names:\n  1: cat\n", "names: cat\n", "names: []\n", "names:\nnc: 2\n", "names: [cat", "nc: 2"})
    void yamlWithoutAListOfNamesIsRejectedWithItsFile(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("data.yaml", "names", "expected");
    }

    @Test
    void duplicateNameIsRejected() {
        assertThatThrownBy(() -> read("names: [cat, cat]"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("data.yaml", "'cat' is used twice");
    }
}
