package yolompi.cli;

import java.util.Optional;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipe;

/** When a training makes pictures of several images, in a line for people: a short one may have nothing but last epochs. */
final class MosaicLine {
    private MosaicLine() {}

    static Optional<String> of(Recipe recipe) {
        AugmentRecipe augment = recipe.augment();
        if (!augment.composes()) {
            return Optional.empty();
        }
        int epochs = recipe.train().epochs();
        int composing = augment.composingEpochs(epochs);
        String effect = composing > 0
                ? "in the first %d of %d epochs".formatted(composing, epochs)
                : "never: augment.close_mosaic_epochs = %d leaves them out of all %d epochs"
                        .formatted(augment.closeMosaicEpochs(), epochs);
        return Optional.of("mosaic %s and mixup %s %s".formatted(augment.mosaic(), augment.mixup(), effect));
    }
}
