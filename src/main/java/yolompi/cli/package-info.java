/**
 * The commands of {@code java -jar yolo-mpi.jar}, one small class each: it parses the arguments,
 * builds the objects that do the work, runs them and closes them. {@link yolompi.cli.Main} is the
 * entry point and holds the only {@code System.exit}. No other package uses this one.
 */
package yolompi.cli;
