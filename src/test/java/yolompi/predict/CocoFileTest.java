package yolompi.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CocoFileTest {
    @Test
    void numericNameIsTheImageId() {
        assertThat(CocoFile.imageIds(List.of("000000000139", "0", "000", "film_000004", "img 01", "12")))
                .containsExactly("139", "0", "000", "film_000004", "img 01", "12");
    }

    @Test
    void imageIdsAreUnique() {
        assertThat(CocoFile.imageIds(List.of("001", "0001", "01", "7", "007")))
                .containsExactly("1", "0001", "01", "7", "007");
    }
}
