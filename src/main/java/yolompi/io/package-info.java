/**
 * Files and threads without anything of this program's field.
 *
 * <p>{@link yolompi.io.AtomicFile} writes a file completely or not at all, and
 * {@link yolompi.io.StagingFolder} a folder. {@link yolompi.io.OrderedTasks} computes on several
 * threads and delivers the results in the order of the inputs. {@link yolompi.io.DaemonThreads} are
 * threads that do not keep the program alive, and {@link yolompi.io.TextFields} encodes records as
 * text.
 */
package yolompi.io;
