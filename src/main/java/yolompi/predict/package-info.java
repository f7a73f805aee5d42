/**
 * Finds objects in the files that people have, and writes down what they want of it.
 *
 * <p>{@link yolompi.predict.InputFiles} are the images and videos that were named, {@link yolompi.predict.Frames} the pictures in them one
 * after another, {@link yolompi.predict.Predictor} has a detector look at them in batches, and each {@link yolompi.predict.Output} makes
 * one kind of files of what was found: drawn pictures, crops, text, JSON.
 */
package yolompi.predict;
