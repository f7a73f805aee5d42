package yolompi.recipe;

import java.util.ArrayList;
import java.util.List;

/** Recipes for tests. */
public final class Recipes {
    private Recipes() {}

    /** The defaults with changes, such as {@code loss.box=giou}. */
    public static Recipe with(String... changes) {
        return RecipeFile.parse("test.toml", "", List.of(changes));
    }

    /** Strong augmentation of single images without rotation and shear, plus the given changes. */
    public static AugmentRecipe strongAugment(String... more) {
        List<String> changes = new ArrayList<>(List.of(
                "flip=0.5", "hue=0.1", "saturation=0.7", "value=0.4", "scale=0.5", "translate=0.2", "aspect=0.3"));
        changes.addAll(List.of(more));
        return augmentOnly(changes.toArray(String[]::new));
    }

    /**
     * Only the given augmentation, such as {@code flip=1}; the limits for boxes keep their
     * defaults.
     */
    public static AugmentRecipe augmentOnly(String... changes) {
        List<String> overrides = new ArrayList<>();
        for (String key : RecipeFile.entries(with()).keySet()) {
            if (key.startsWith("augment.") && !key.contains("box")) {
                overrides.add(key + "=0");
            }
        }
        for (String change : changes) {
            overrides.add("augment." + change);
        }
        return with(overrides.toArray(String[]::new)).augment();
    }
}
