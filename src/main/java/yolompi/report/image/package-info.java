/**
 * Images for people. Read {@link BoxPainter} first: it draws predictions and ground truth
 * ({@link DrawnBox}) on an image, in a color for each class. {@link LabelPlaces} keeps the labels
 * apart.
 *
 * <p>{@link ContactSheet} combines images into a grid with captions. {@link Chart} is a line chart
 * as plain data, and {@link ChartImage} draws it. {@link RgbImage} converts, scales and writes
 * images.
 *
 * <p>All boxes are in pixels of the image on which they are drawn.
 */
package yolompi.report.image;
