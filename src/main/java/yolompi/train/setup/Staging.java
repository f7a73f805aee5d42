package yolompi.train.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import yolompi.data.shard.ShardStage;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.recipe.DataRecipe;

/**
 * Where ranks read shards: at their original place, or from copies on each node's local disk.
 *
 * @param folder folder for the copies; empty: no copies
 */
public record Staging(Optional<Path> folder) {
    /** Shards are read at their original place. */
    public static final Staging NONE = new Staging(Optional.empty());

    /** Returns the folder to read a set from. */
    public Path of(Path set) {
        return folder.map(stage -> new ShardStage(stage).of(set)).orElse(set);
    }

    /**
     * Copies a recipe's shard sets. The first rank of each node copies, the others wait;
     * collective.
     *
     * @return what was done, for the log
     * @throws Agreement.AgreedException on all ranks, if a copy can't be made
     */
    public List<String> copy(DataRecipe recipe, Communicator ranks) {
        List<Path> sets = Stream.of(recipe.train(), recipe.val())
                .filter(set -> !set.isBlank())
                .map(Path::of)
                .toList();
        return copy(sets, ranks);
    }

    /** Same for the folders of shard sets; collective. */
    public List<String> copy(List<Path> sets, Communicator ranks) {
        if (folder.isEmpty()) {
            return List.of();
        }
        ranks.status().enter(Activity.STAGING);
        boolean copies = ranks.world().localRank() == 0;
        List<String> own =
                Agreement.on(ranks, () -> copies ? copy(sets, ranks.world().host()) : List.of());
        return ranks.allGather(String.join("\n", own)).stream()
                .flatMap(String::lines)
                .toList();
    }

    private List<String> copy(List<Path> sets, String host) {
        ShardStage stage = new ShardStage(folder.orElseThrow());
        List<String> done = new ArrayList<>();
        for (Path set : sets) {
            long begin = System.nanoTime();
            ShardStage.Copied copied = stage.copy(set);
            long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
            String what = copied.bytes() == 0
                    ? "already there"
                    : "%,d MiB copied and verified in %d s".formatted(copied.bytes() >> 20, seconds);
            done.add("staged %s on %s in %s: %s".formatted(set, host, copied.folder(), what));
        }
        return done;
    }
}
