package yolompi.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.train.AutoBatch;
import yolompi.train.TrainingSetup;

/** {@code --auto-batch}, of the commands that take it. */
final class AutoBatchOption {
    @Option(
            names = "--auto-batch",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Measure how many images a rank can compute at once in its memory, and set train.micro_batch to that. The global"
                            + " batch stays, and so does what is trained (but batch norms, unless synced, see the smaller pieces). Tells the"
                            + " largest train.batch that would need no pieces.")
    private boolean wanted;

    /** The training with its batch cut to fit, if that is wanted; collective. */
    TrainingSetup apply(TrainingSetup setup, Consumer<List<String>> lines) {
        if (!wanted) {
            return setup;
        }
        AutoBatch.Fitted fitted = AutoBatch.fit(setup);
        lines.accept(fitted.lines());
        return fitted.setup();
    }
}
