/**
 * What people see of a run. While it trains: {@link yolompi.report.TrainingProgress} on the screen and
 * {@link yolompi.report.MetricsCsv} on disk. Afterwards: {@link yolompi.report.BoxPainter} draws boxes into pictures and
 * {@link yolompi.report.PredictionsJson} writes them down. Before: {@link yolompi.report.AnchorPicture} shows how anchors fit. Takes plain values and knows nothing of networks.
 */
package yolompi.report;
