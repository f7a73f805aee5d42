/**
 * Loading ahead of training, on threads of its own.
 *
 * <p>Read {@link yolompi.data.sampler.StepRange} first: the steps to load and the samples of each.
 * {@link yolompi.data.loader.BatchLoader} reads and augments them on
 * {@link yolompi.data.loader.LoaderSettings#workers} threads and delivers the steps in order.
 * {@code PendingStep} is a step in progress. All threads share the images of a step; the result
 * does not depend on their number. An exception in a thread fails the step that needs the image.
 *
 * <p>{@link yolompi.bench.LoaderBenchmark} measures the loader without training.
 */
package yolompi.data.loader;
