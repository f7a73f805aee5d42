package yolompi.cli;

import java.util.Optional;
import yolompi.recipe.AugmentRecipe;
import yolompi.recipe.Recipe;

/**
 * One line that says in which epochs mosaic and mixup are used: a short training may consist only
 * of the last epochs, which do without them.
 */
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
                : "in no epoch: augment.close_mosaic_epochs = %d disables them in all %d epochs"
                        .formatted(augment.closeMosaicEpochs(), epochs);
        return Optional.of("mosaic %s and mixup %s %s".formatted(augment.mosaic(), augment.mixup(), effect));
    }
}
