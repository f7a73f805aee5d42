/**
 * Images for people. Read {@link BoxPainter} first: it draws predictions ({@link PredictedBox}) and
 * ground truth ({@link TrueBox}) on an image. {@link LabelPlaces} keeps the labels apart, and
 * {@link ClassColors} gives each class its color.
 *
 * <p>{@link ContactSheet} combines images into a grid with captions.
 * {@link yolompi.anchors.AnchorPicture} plots box sizes and anchors. {@link Picture} converts,
 * scales and writes images. {@link yolompi.predict.PredictionsJson} writes the predictions of
 * images ({@link yolompi.predict.PredictedImage}) as JSON.
 *
 * <p>All boxes are in pixels of the image on which they are drawn.
 */
package yolompi.report.image;
