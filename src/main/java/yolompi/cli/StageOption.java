package yolompi.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.train.Staging;

/** Where copies of shards go. */
final class StageOption {
    @Option(
            names = "--stage",
            paramLabel = "DIR",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Copy the shards into this folder, on each node's own disk, once a node, and read them there; each record's"
                            + " checksum is verified, and a copy that is there already is used. Default: read them where they lie.")
    private Optional<Path> folder = Optional.empty();

    Staging staging() {
        return new Staging(folder);
    }
}
