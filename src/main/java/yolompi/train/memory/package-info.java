/**
 * How much memory a training needs, estimated and measured.
 *
 * <p>Start with {@link AutoBatch}: it runs real steps with few images ({@link MemoryProbe}),
 * measures their peak memory ({@link MemoryMeter}), fits a line, and solves it for the largest
 * micro-batch. The global batch does not change.
 *
 * <p>{@link TrainingMemory} estimates without measuring. {@link ImageHeap} checks that Java's heap
 * can hold the images that the loader keeps.
 */
package yolompi.train.memory;
