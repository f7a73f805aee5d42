package yolompi.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.distributed.Communicator;
import yolompi.model.Architecture;
import yolompi.torch.DeviceContext;
import yolompi.train.memory.AutoBatch;
import yolompi.train.setup.Staging;
import yolompi.train.setup.TrainingPlan;

/** Options that several commands have. */
final class SharedOptions {
    private SharedOptions() {}

    /** The option {@code --set}: changes single keys of a recipe. */
    static final class Overrides {
        @Option(
                names = "--set",
                paramLabel = "KEY=VALUE",
                showDefaultValue = Visibility.NEVER,
                description = "Set one key of the recipe for this run, such as --set train.epochs=10. May be repeated.")
        private List<String> overrides = List.of();

        /** The changes in the given order, each {@code table.key=value}. */
        List<String> list() {
            return overrides;
        }
    }

    /** The option {@code --auto-batch}. */
    static final class AutoBatchOption {
        @Option(
                names = "--auto-batch",
                showDefaultValue = Visibility.NEVER,
                description =
                        "Measure how many images at once fit into the memory of a rank, and set train.micro_batch to"
                                + " that number. The global batch and the gradients stay the same, except that batch norm"
                                + " sees the smaller micro-batches unless it is synchronized. Prints the largest"
                                + " train.batch that needs no micro-batches.")
        private boolean requested;

        /** Fits the micro-batch to the memory if the option is given; collective. */
        Optional<AutoBatch.Fitted> fit(
                Communicator ranks, TrainingPlan plan, Architecture architecture, DeviceContext device) {
            return requested ? Optional.of(AutoBatch.fit(ranks, plan, architecture, device)) : Optional.empty();
        }
    }

    /** The option {@code --stage}: node-local copies of shards. */
    static final class StageOption {
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
}
