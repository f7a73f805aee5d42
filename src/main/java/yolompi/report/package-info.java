/**
 * Everything that people see of a run. Start with {@link yolompi.report.MetricsRow}: one row of
 * metrics.csv, from which everything else is derived.
 *
 * <ul>
 *   <li>Console: {@link yolompi.report.TrainingProgress}.
 *   <li>Tables: {@link yolompi.report.MetricsCsv}, {@link yolompi.report.RanksCsv} and
 *       {@link yolompi.report.JsonLines} write; {@link yolompi.report.RunHistory} reads.
 *   <li>TensorBoard: {@link yolompi.report.EventFile}.
 *   <li>Pages and charts: {@link yolompi.report.RunPage}, {@link yolompi.report.ComparePage},
 *       {@link yolompi.report.ChartFiles}, all from the files of a run folder.
 *   <li>Images: {@link yolompi.report.BoxPainter}, {@link yolompi.report.ContactSheet} and
 *       {@link yolompi.report.AnchorPicture}. {@link yolompi.report.PredictionsJson} writes
 *       predictions as JSON.
 * </ul>
 *
 * <p>This package takes plain values and does not know networks.
 */
package yolompi.report;
