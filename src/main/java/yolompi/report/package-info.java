/**
 * What people see of a run. {@link yolompi.report.console} prints progress,
 * {@link yolompi.report.metrics} writes the numbers of a run folder,
 * {@link yolompi.report.tensorboard} its events, {@link yolompi.report.image} draws boxes and
 * charts, and {@link yolompi.report.page} makes the pages of one or several runs.
 */
package yolompi.report;
