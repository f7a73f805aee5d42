/**
 * What one rank prints during training. Read {@link TrainingProgress} first: it shows steps
 * ({@link StepReport}) and messages, on a terminal below a progress bar
 * ({@link ProgressOnTerminal}), in a log as plain lines ({@link ProgressLines}).
 *
 * <p>{@link Terminal} decides between bar and lines, also below {@code mpirun}. {@link Durations}
 * and {@link Plural} format text.
 */
package yolompi.report.console;
