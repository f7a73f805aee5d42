package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import yolompi.data.EpochPlan;
import yolompi.data.SampleOrder;
import yolompi.model.Architecture;
import yolompi.recipe.Recipes;

class FreezingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | to the end",
                "4 | until epoch 4 is completed",
                "5 | to the end: of 5 epochs none follows on model.unfreeze_epoch = 5",
                "9 | to the end: of 5 epochs none follows on model.unfreeze_epoch = 9",
            })
    void logNamesTheEpochThatUnfreezesLayers(int unfreezeEpoch, String end) {
        Architecture tiny = Architecture.read("yolov3-tiny", List.of(), 4);
        EpochPlan plan = new EpochPlan(SampleOrder.full(8, 1), 4);
        Freezing freezing = Freezing.of(
                Recipes.with("model.freeze=0-12", "model.unfreeze_epoch=" + unfreezeEpoch)
                        .model(),
                tiny,
                plan);

        assertThat(freezing.describe(tiny, 5).orElseThrow())
                .startsWith("layers 0-12 stay as they are (")
                .endsWith("parameters) " + end);
    }
}
