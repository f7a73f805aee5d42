/**
 * What one rank prints during training. Read {@link TrainingProgress} first: it shows steps and
 * messages, on a terminal as a progress bar ({@link ProgressOnTerminal}), in a log as plain lines
 * ({@link ProgressLines}). Both show a {@link StepReport} and the remaining time
 * ({@link TimeLeft}).
 *
 * <p>{@link BarLine} keeps messages and the moving bar apart. {@link Terminal} decides between bar
 * and lines, also below {@code mpirun}. {@link Durations} and {@link Counted} format text.
 */
package yolompi.report.console;
