/**
 * Everything that is known before the first step, opened and checked. All checks run on every
 * rank, and all ranks fail together.
 *
 * <p>Start with {@link TrainingSetup#prepare}: it chooses the device and precision of the rank
 * ({@link yolompi.distributed.device.DeviceChoice}), opens the shards ({@link TrainingData}),
 * reads the network, checks that they fit together ({@link SetupChecks}), and verifies that all
 * ranks have the same recipe and data. {@link Staging} copies shards to each node's local disk
 * first, if asked to. {@link TrainingPlan} tells what a rank reads in each step, and starts the
 * loader. {@link Freezing} tells which layers are frozen, and until when.
 */
package yolompi.train.setup;
