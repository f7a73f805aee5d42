package yolompi.train.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.sampler.EpochPlan;
import yolompi.data.sampler.SampleOrder;
import yolompi.model.Architecture;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.recipe.Recipes;

class FreezingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | for the whole training",
                "4 | until the end of epoch 4",
                "5 | for the whole training: it ends with epoch 5, and model.unfreeze_epoch = 5",
                "9 | for the whole training: it ends with epoch 5, and model.unfreeze_epoch = 9",
            })
    void logNamesTheEpochThatUnfreezesLayers(int unfreezeEpoch, String end) {
        Architecture tiny = ArchitectureReader.read("yolov3-tiny", List.of(), 4);
        EpochPlan plan = new EpochPlan(SampleOrder.full(8, 1), 4);
        Freezing freezing = Freezing.of(
                Recipes.with("model.freeze=0-12", "model.unfreeze_epoch=" + unfreezeEpoch)
                        .model(),
                tiny,
                plan);

        assertThat(freezing.describe(tiny, 5).orElseThrow())
                .startsWith("layers 0-12 are frozen (")
                .endsWith("parameters) " + end);
    }
}
