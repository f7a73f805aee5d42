/**
 * Event files for TensorBoard, written without TensorFlow. Read {@link EventFile} first: its
 * Javadoc specifies the record format, and each method writes one kind of event.
 *
 * <p>The other classes are generated from {@code src/main/protobuf/tensorboard.proto}.
 */
package yolompi.report.tensorboard;
