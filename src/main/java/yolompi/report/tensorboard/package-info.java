/**
 * Event files for TensorBoard, written without TensorFlow. Read {@link EventFile} first: its
 * Javadoc specifies the record format, and each method writes one kind of event.
 *
 * <p>{@link EventTags} maps the columns of metrics.csv to TensorBoard's tags.
 * {@link PrecisionRecallTensor} is the input of the plugin {@code pr_curves}. The other classes are
 * generated from {@code src/main/protobuf/tensorboard.proto}.
 */
package yolompi.report.tensorboard;
