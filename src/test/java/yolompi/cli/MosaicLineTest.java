package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import yolompi.recipe.Recipes;

class MosaicLineTest {
    @Test
    void lineNamesEpochsWithMosaicAndMixup() {
        assertThat(MosaicLine.of(Recipes.with("augment.mosaic=0.5", "train.epochs=30")))
                .contains("mosaic 0.5 and mixup 0.0 in the first 20 of 30 epochs");
        assertThat(MosaicLine.of(Recipes.with("train.epochs=30"))).isEmpty();
    }

    @Test
    void shortTrainingIsReportedToHaveNoMosaic() {
        assertThat(MosaicLine.of(Recipes.with("augment.mosaic=1", "train.epochs=8")))
                .contains("mosaic 1.0 and mixup 0.0 in no epoch: augment.close_mosaic_epochs = 10 disables them in all"
                        + " 8 epochs");
    }
}
