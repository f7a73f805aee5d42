/**
 * Tests of results that must not change unnoticed: losses of a training, files and texts that users
 * parse, and the reading of files of earlier versions. A change to a file in
 * {@code src/test/resources/yolompi/golden} must be intended; the diff shows it.
 */
package yolompi.golden;
