/**
 * What must not change unnoticed: the losses of a training, the files and texts that users parse, and the reading of files of earlier
 * versions. A change to a file in {@code src/test/resources/yolompi/golden} is a decision, which the diff shows.
 */
package yolompi.golden;
