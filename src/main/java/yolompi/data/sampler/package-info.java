/**
 * Which rank reads which sample in which step. Everything here is a pure function of the seed and
 * the position, so results do not depend on ranks, threads or the clock.
 *
 * <p>Read {@link yolompi.data.sampler.SampleOrder} first: the endless stream of samples. Its
 * implementations specify their shuffles: {@code ShuffledEpochs} (the full order),
 * {@code ClassBalancedSampler} (class balancing) and {@code ShuffledWindows} (reads from few shards
 * at a time). Then {@link yolompi.data.sampler.EpochPlan} splits the stream into steps of one
 * global batch, and {@link yolompi.data.sampler.RankShare} splits a global batch among ranks and
 * micro-batches. {@link yolompi.data.sampler.EvalPlan} splits an evaluation set without padding.
 *
 * <p>{@link yolompi.data.sampler.RandomStreams} defines every stream of random numbers and the
 * shuffle. {@link yolompi.data.sampler.RepeatFactors} computes the weights of images, and
 * {@link yolompi.data.sampler.MultiScale} the input size of each step (multi-scale training).
 */
package yolompi.data.sampler;
