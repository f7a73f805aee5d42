package yolompi.train.setup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.data.shard.ShardSet;
import yolompi.recipe.DataRecipe;

/**
 * The shards of a run.
 *
 * @param val empty if the recipe has no validation data
 */
public record TrainingData(ShardSet train, Optional<ShardSet> val) implements AutoCloseable {
    /** Metadata key of a checkpoint: fingerprint of the training data. */
    public static final String FINGERPRINT = "data_fingerprint";

    /** Metadata key of a checkpoint: fingerprint of the validation data. */
    public static final String VALIDATION_FINGERPRINT = "val_fingerprint";

    /** Opens the shard sets of the recipe. Both must have the same classes. */
    public static TrainingData open(DataRecipe recipe) {
        return open(recipe, Staging.NONE);
    }

    /** Same, but reads copies if there are any. */
    static TrainingData open(DataRecipe recipe, Staging staging) {
        if (recipe.train().isBlank()) {
            throw new InputException("the recipe has no data.train: expected the folder of packed shards to train on;"
                    + " add [data] train = \"FOLDER\", or --set data.train=FOLDER");
        }
        ShardSet train = ShardSet.open(staging.of(Path.of(recipe.train())));
        try {
            Optional<ShardSet> val = recipe.val().isBlank()
                    ? Optional.empty()
                    : Optional.of(ShardSet.open(staging.of(Path.of(recipe.val()))));
            TrainingData data = new TrainingData(train, val);
            data.checkNames(recipe);
            return data;
        } catch (RuntimeException e) {
            train.close();
            throw e;
        }
    }

    /** Returns all shard sets. */
    public List<ShardSet> all() {
        return Stream.concat(Stream.of(train), val.stream()).toList();
    }

    private void checkNames(DataRecipe recipe) {
        val.ifPresent(shards -> {
            if (!shards.names().equals(train.names())) {
                throw new InputException(
                        "data.val = %s has the classes %s, but data.train = %s has %s; pack both with the same --names"
                                .formatted(recipe.val(), shards.names(), recipe.train(), train.names()));
            }
        });
    }

    /** Returns the fingerprints that distinguish these shards from others. */
    Map<String, String> fingerprints() {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        fingerprints.put("data.train", train.fingerprint());
        val.ifPresent(shards -> fingerprints.put("data.val", shards.fingerprint()));
        return fingerprints;
    }

    @Override
    public void close() {
        train.close();
        val.ifPresent(ShardSet::close);
    }
}
