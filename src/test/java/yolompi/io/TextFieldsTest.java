package yolompi.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextFieldsTest {
    @Test
    void fieldsAreDecodedAsTheyWereEncoded() {
        assertThat(TextFields.split(TextFields.join("rank 3", 17, true, ""), 4))
                .containsExactly("rank 3", "17", "true", "");
    }

    @Test
    void lastFieldMayContainTabsAndLineBreaks() {
        assertThat(TextFields.split(TextFields.join(1, "a\tb\nc"), 2)).containsExactly("1", "a\tb\nc");
    }

    @Test
    void missingFieldIsAnError() {
        assertThatThrownBy(() -> TextFields.split("1", 2)).hasMessage("\"1\" has 1 fields, expected 2");
    }
}
