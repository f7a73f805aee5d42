/**
 * Trains YOLOv3 detectors, data-parallel. Each package below is a room of its own; {@code README.md} has the map of them and
 * {@code ArchitectureTest} keeps it. Begin with {@link yolompi.cli.Main}, or follow a sample: {@link yolompi.data},
 * {@link yolompi.model}, {@link yolompi.train}, {@link yolompi.detect}, {@link yolompi.eval}, {@link yolompi.report}.
 *
 * <p>Here lies what all rooms share: {@link yolompi.InputException} for what a user can mend, {@link yolompi.AtomicFile} for whole files.
 */
package yolompi;
