/**
 * What a training writes about itself.
 *
 * <p>Start with {@link RunReport}, the output of rank 0: terminal, {@code train.log},
 * {@code metrics.csv} and {@code ranks.csv}. {@link StepWindow} sums up the steps of one row.
 * {@link RankTimes} compares the ranks' times, and finds ranks that all others wait for.
 * {@link RunDescription} describes network, data and hardware. {@link RunArtifacts} writes the
 * run's page, its images ({@link BatchTiles}, {@link ValidationImages}) and the TensorBoard events
 * on a background thread; a problem there never ends a training. {@link SampleTrace} is the only
 * file of every rank: the samples that it reads.
 */
package yolompi.train.log;
