package yolompi.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.train.setup.Staging;

/** The option {@code --stage}: node-local copies of shards. */
final class StageOption {
    @Option(
            names = "--stage",
            paramLabel = "DIR",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Copy the shards once per node into this folder on the node's own disk, verify the checksum of"
                            + " each record, and read the copy. An existing copy is reused. Default: read the shards"
                            + " directly.")
    private Optional<Path> folder = Optional.empty();

    Staging staging() {
        return new Staging(folder);
    }
}
