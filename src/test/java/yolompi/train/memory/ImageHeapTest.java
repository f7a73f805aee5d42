package yolompi.train.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.data.sampler.RankShare;

class ImageHeapTest {
    /**
     * A heap of 100,000 bytes that holds four steps (three prefetched, one in training) of images
     * of 100 bytes.
     */
    private static final ImageHeap HEAP = new ImageHeap(100_000, 4, 100);

    @Test
    void imagesMayFillNineTenthsOfTheHeap() {
        assertThat(HEAP.images()).isEqualTo(225);
        assertThat(new ImageHeap(Long.MAX_VALUE, 4, 3 * 4096 * 4096).images())
                .as("maximum size of an array")
                .isEqualTo(42);
    }

    @Test
    void microBatchesDoNotReduceTheImagesOnTheHeap() {
        RankShare fits = new RankShare(449, 8, 1, 2);
        assertThat(HEAP.kept(fits)).isEqualTo(4 * 225 * 100);
        assertThatCode(() -> HEAP.check(fits)).doesNotThrowAnyException();
        RankShare tooLarge = new RankShare(451, 8, 1, 2);
        assertThatThrownBy(() -> HEAP.check(tooLarge))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("train.batch: the loader keeps 4 steps of 226 images per rank")
                .hasMessageContaining("-Xmx");
    }
}
