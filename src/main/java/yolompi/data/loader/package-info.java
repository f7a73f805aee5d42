/**
 * Loading ahead of training, on threads of its own.
 *
 * <p>Read {@link yolompi.data.loader.BatchLoader} first: it reads and augments the samples of a
 * range of steps on several threads and delivers the steps in order. {@code PendingStep} is a step
 * in progress. All threads share the images of a step; the result does not depend on their number.
 * An exception in a thread fails the step that needs the image.
 *
 * <p>{@link yolompi.bench.LoaderBenchmark} measures the loader without training.
 */
package yolompi.data.loader;
