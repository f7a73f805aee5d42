/**
 * Trains YOLOv3 detectors data-parallel. {@code README.md} has the map of the packages, and
 * {@code ArchitectureTest} checks it. Open the eight files that it lists first, or start with
 * {@link yolompi.cli.Main}.
 *
 * <p>All packages share the classes here: {@link yolompi.InputException} for errors that a user can
 * fix, and {@link yolompi.WrongUsageException} for wrong arguments.
 */
package yolompi;
