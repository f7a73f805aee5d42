/**
 * Runs a trained model on image and video files and writes the results.
 *
 * <p>Read {@link yolompi.predict.Predictor} first: it decodes images in batches, runs the detector,
 * and passes the detections to each {@link yolompi.predict.Output}.
 * {@link yolompi.predict.InputFiles} finds the files that the user names;
 * {@link yolompi.predict.Frames} iterates over their images and video frames. Each output writes
 * one kind of file: images and videos with boxes, crops, text, JSON.
 */
package yolompi.predict;
