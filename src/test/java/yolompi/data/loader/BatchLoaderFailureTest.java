package yolompi.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.InputException;
import yolompi.data.MemorySamples;
import yolompi.data.ReadingSource;
import yolompi.data.SampleSource;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EvalPlan;
import yolompi.data.sampler.MultiScale;

/** A failure in a loader thread fails the step that needs the result. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BatchLoaderFailureTest {
    private static final int SIZE = 64;
    private static final MemorySamples SAMPLES = MemorySamples.drawn(23);

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void damagedSampleFailsItsStepButNoEarlierStep(int workers) {
        ReadingSource damaged = new ReadingSource(SAMPLES.size(), index -> {
            if (index == 13) {
                throw new InputException("train-0000.h5, record 13: checksum differs");
            }
            return SAMPLES.read(index);
        });
        EvalPlan plan = new EvalPlan(SAMPLES.size(), 4, 0, 1);
        try (BatchLoader loader = start(damaged, StepRange.of(plan, SIZE), new BatchLoader.Settings(workers, 8))) {
            for (int step = 0; step < 3; step++) {
                assertThat(loader.next().step()).isEqualTo(step);
            }
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(loader::next)
                        .isInstanceOf(InputException.class)
                        .hasMessage("train-0000.h5, record 13: checksum differs");
            }
        }
    }

    @Test
    void errorInALoaderThreadFailsItsStep() {
        ReadingSource full = new ReadingSource(4, index -> {
            throw new OutOfMemoryError("no more");
        });
        StepRange steps = StepRange.of(new EvalPlan(4, 4, 0, 1), SIZE);
        try (BatchLoader loader = start(full, steps, new BatchLoader.Settings(2, 1))) {
            assertThatThrownBy(loader::next)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("loading sample")
                    .hasRootCauseInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void exceptionInThePlanFailsItsStep() {
        StepRange steps = new StepRange(0, 5, MultiScale.always(SIZE), step -> {
            throw new ArithmeticException("overflow");
        });
        try (BatchLoader loader = start(SAMPLES, steps, new BatchLoader.Settings(2, 1))) {
            assertThatThrownBy(loader::next)
                    .hasMessageContaining("beginning step 0")
                    .hasMessageContaining("overflow");
        }
    }

    private static BatchLoader start(SampleSource source, StepRange steps, BatchLoader.Settings settings) {
        return BatchLoader.start(source, Augmenter.letterbox(), steps, settings);
    }
}
