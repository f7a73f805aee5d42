/**
 * Benchmarks of the commands {@code bench}. Each one alternates what it compares block by block, so
 * that a drift of the machine's speed affects both sides.
 *
 * <p>Start with {@link SpeedBenchmark}: how fast one process trains without input.
 * {@link StepBenchmark} measures the cost of the loader: training compared with a loop that repeats
 * one ready batch. {@link DdpBenchmark} measures the cost of training together: common steps
 * compared with the same ranks side by side, each with its own training.
 */
package yolompi.bench;
