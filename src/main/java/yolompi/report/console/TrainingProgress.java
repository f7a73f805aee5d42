package yolompi.report.console;

import java.io.PrintStream;
import java.time.Duration;

/** Shows the progress of the training: a progress bar on a terminal, or plain lines in a log. */
public sealed interface TrainingProgress extends AutoCloseable permits ProgressLines, ProgressOnTerminal {
    /**
     * Length of the training.
     *
     * @param epochs total
     * @param steps total
     * @param firstStep steps finished before this process started
     */
    record Extent(int epochs, long steps, long firstStep) {
        /**
         * The remaining time as text, from the mean step time of this process, which includes
         * evaluations and checkpoints.
         *
         * @param step finished steps since the start of training
         * @param nanos since the start of this process
         */
        String timeLeft(long step, long nanos) {
            long done = step - firstStep;
            if (done <= 0) {
                return "?";
            }
            double nanosPerStep = (double) nanos / done;
            return Durations.text(Duration.ofNanos((long) (nanosPerStep * (steps - step))));
        }
    }

    /** A progress bar that is redrawn in place, below all other lines. */
    static TrainingProgress onTerminal(Extent extent, PrintStream terminal) {
        return new ProgressOnTerminal(extent, new ProgressOnTerminal.BarLine(terminal));
    }

    /** A line every {@code everySteps} steps and after the last step. */
    static TrainingProgress lines(Extent extent, int everySteps, PrintStream out) {
        return new ProgressLines(extent, everySteps, out);
    }

    /** Shows a step. */
    void step(StepReport report);

    /** Prints a line, such as the result of an evaluation or the name of a checkpoint. */
    void say(String line);

    @Override
    void close();
}
