/**
 * The files of a run folder that hold its measurements. Read {@link MetricsRow} first: one row of
 * metrics.csv, with the columns of {@link Metric}. Charts, pages and TensorBoard events are all
 * derived from such rows.
 *
 * <p>{@link StepTable} writes the tables, {@link JsonLines} a copy of metrics.csv for other
 * programs. The table makes resuming safe: it drops truncated rows and the rows of repeated steps.
 * {@link RunHistory} and {@link RankHistory} read the tables, row by row ({@link TableRows}).
 * {@link RunFacts} describes the run itself: run.json.
 */
package yolompi.report.metrics;
