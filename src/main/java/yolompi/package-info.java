/**
 * Trains YOLOv3 detectors data-parallel. {@code README.md} has the map of the packages, and
 * {@code ArchitectureTest} checks it. Start with {@link yolompi.cli.Main}, or follow a sample:
 * {@link yolompi.data}, {@link yolompi.model}, {@link yolompi.train}, {@link yolompi.detect},
 * {@link yolompi.eval}, {@link yolompi.report.page}.
 *
 * <p>All packages share the classes here: {@link yolompi.InputException} for errors that a user can
 * fix, {@link yolompi.io.AtomicFile} for files that are written completely or not at all.
 */
package yolompi;
