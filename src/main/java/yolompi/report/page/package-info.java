/**
 * HTML pages and PNG charts, built from the files of run folders only, so that they can be rebuilt
 * at any time. Read {@link RunPage} first: it collects key figures ({@link RunNumbers}), charts
 * ({@link RunCharts}), the last evaluation ({@link EvaluationFacts}) and statistics of the ground
 * truth ({@link yolompi.report.metrics.BoxStatistics}), and fills the template run.html.
 * {@link ComparePage} does the same for several runs with compare.html.
 *
 * <p>A {@link yolompi.report.image.Chart} is plain data. In a page, charts.js draws it with uPlot;
 * {@link yolompi.report.image.ChartImage} draws it as an image, and {@link RunCharts} writes
 * these as PNG. {@link PageFiles} embeds styles and scripts and escapes all text from data: the
 * pages are self-contained and load nothing.
 */
package yolompi.report.page;
