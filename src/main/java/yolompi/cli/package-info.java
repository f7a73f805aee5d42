/**
 * The commands of {@code java -jar yolo-mpi.jar}: one small class each, which parses its arguments, builds what does the work, runs it
 * and closes it. {@link yolompi.cli.Main} is the entry and holds the only {@code System.exit}. Nothing else uses this package.
 */
package yolompi.cli;
