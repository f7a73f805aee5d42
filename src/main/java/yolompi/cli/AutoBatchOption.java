package yolompi.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.train.memory.AutoBatch;
import yolompi.train.setup.TrainingSetup;

/** The option {@code --auto-batch}. */
final class AutoBatchOption {
    @Option(
            names = "--auto-batch",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Measure how many images at once fit into the memory of a rank, and set train.micro_batch to that"
                            + " number. The global batch and the gradients stay the same, except that batch norm sees"
                            + " the smaller micro-batches unless it is synchronized. Prints the largest train.batch"
                            + " that needs no micro-batches.")
    private boolean wanted;

    /** Fits the micro-batch to the memory if the option is given; collective. */
    TrainingSetup apply(TrainingSetup setup, Consumer<List<String>> lines) {
        if (!wanted) {
            return setup;
        }
        AutoBatch.Fitted fitted = AutoBatch.fit(setup);
        lines.accept(fitted.lines());
        return fitted.setup();
    }
}
