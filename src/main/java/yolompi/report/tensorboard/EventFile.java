package yolompi.report.tensorboard;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.zip.CRC32C;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.MetricsRow.Kind;
import yolompi.report.tensorboard.proto.Event;
import yolompi.report.tensorboard.proto.PrCurvePluginData;
import yolompi.report.tensorboard.proto.SessionLog;
import yolompi.report.tensorboard.proto.Summary;
import yolompi.report.tensorboard.proto.SummaryMetadata;
import yolompi.report.tensorboard.proto.TensorProto;
import yolompi.report.tensorboard.proto.TensorShapeProto;

/**
 * Writes an event file for TensorBoard. Each start of a run writes its own file. TensorBoard reads
 * all files of a folder; for repeated steps the later file wins.
 *
 * <p>The format is that of TensorFlow's record files
 * ({@code tensorflow/core/lib/io/record_writer.h}). Each event consists of its length (uint64), the
 * masked CRC32C of the length (uint32), the event ({@code event.proto}) and the masked CRC32C of
 * the event (uint32), all little-endian.
 */
public final class EventFile implements AutoCloseable {
    private static final int MASK = 0xa282ead8;
    private static final int RGB = 3;
    private static final int FLOAT32 = 1;
    private static final int CURVE_ROWS = 6;

    /** TensorBoard's tags, {@code group/name}, for the columns of metrics.csv. */
    private static final Map<Metric, String> TAGS = new EnumMap<>(Map.of(
            Metric.LOSS, "train/loss",
            Metric.LOSS_BOX, "train/loss_box",
            Metric.LOSS_OBJECT, "train/loss_object",
            Metric.LOSS_CLASS, "train/loss_class",
            Metric.LEARNING_RATE, "train/learning_rate",
            Metric.IMAGES_PER_S, "speed/images_per_s",
            Metric.DATA_WAIT, "speed/data_wait",
            Metric.VAL_LOSS, "val/loss",
            Metric.MAP50, "val/map50",
            Metric.MAP5095, "val/map5095"));

    private final DataOutputStream out;
    private final Clock clock;

    private EventFile(OutputStream out, Clock clock) {
        this.out = new DataOutputStream(out);
        this.clock = clock;
    }

    /**
     * Starts a file in a folder.
     *
     * @param stepsDone later steps of earlier files become invalid
     * @param host part of the file name
     */
    public static EventFile begin(Path folder, long stepsDone, String host, Clock clock) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("events.out.tfevents.%010d.%s.%d"
                .formatted(
                        clock.instant().getEpochSecond(),
                        host.replaceAll("[^A-Za-z0-9.-]", "_"),
                        ProcessHandle.current().pid()));
        EventFile events = new EventFile(Files.newOutputStream(file), clock);
        events.write(events.event(0).setFileVersion("brain.Event:2"));
        events.write(events.event(stepsDone + 1)
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
        return events;
    }

    /** Writes the values of a row of metrics.csv. */
    public void row(MetricsRow row) throws IOException {
        Summary.Builder summary = Summary.newBuilder();
        tagged(row)
                .forEach((tag, value) ->
                        summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
        write(event(row.step()).setSummary(summary));
    }

    /** The values of a row by tag. */
    private static Map<String, Double> tagged(MetricsRow row) {
        Map<String, Double> values = new LinkedHashMap<>();
        row.values().forEach((metric, value) -> {
            if (TAGS.containsKey(metric)) {
                boolean mean = row.kind() == Kind.EPOCH && metric == Metric.LOSS;
                values.put(mean ? "train/loss_of_epoch" : TAGS.get(metric), value);
            }
        });
        return values;
    }

    /**
     * Writes an image.
     *
     * @param file the encoded image, JPEG or PNG
     */
    public void picture(long step, String tag, BufferedImage picture, Path file) throws IOException {
        Summary.Image image = Summary.Image.newBuilder()
                .setWidth(picture.getWidth())
                .setHeight(picture.getHeight())
                .setColorspace(RGB)
                .setEncodedImageString(ByteString.copyFrom(Files.readAllBytes(file)))
                .build();
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder().setTag(tag).setImage(image))));
    }

    /**
     * Writes a precision-recall curve for TensorBoard's plugin {@code pr_curves}.
     *
     * @param right true positives at evenly spaced confidence thresholds from 0 to 1
     * @param wrong false positives at the same thresholds
     * @param truthCount number of ground-truth boxes
     */
    public void precisionRecall(long step, String tag, int[] right, int[] wrong, int truthCount) throws IOException {
        PrCurvePluginData curve =
                PrCurvePluginData.newBuilder().setNumThresholds(right.length).build();
        SummaryMetadata.PluginData plugin = SummaryMetadata.PluginData.newBuilder()
                .setPluginName("pr_curves")
                .setContent(curve.toByteString())
                .build();
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder()
                                .setTag(tag)
                                .setMetadata(SummaryMetadata.newBuilder().setPluginData(plugin))
                                .setTensor(curveTensor(right, wrong, truthCount)))));
    }

    /**
     * The input tensor of the plugin {@code pr_curves}
     * ({@code tensorboard/plugins/pr_curve/summary.py}): float32 {@code [6,T]} with a column for
     * each threshold, ascending. The rows are true positives, false positives, true negatives,
     * false negatives, precision and recall. Detection has no true negatives: they are 0.
     */
    private static TensorProto curveTensor(int[] right, int[] wrong, int truthCount) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDtype(FLOAT32)
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(CURVE_ROWS))
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(right.length)));
        addRow(tensor, right.length, i -> right[i]);
        addRow(tensor, right.length, i -> wrong[i]);
        addRow(tensor, right.length, i -> 0);
        addRow(tensor, right.length, i -> truthCount - right[i]);
        addRow(tensor, right.length, i -> right[i] + wrong[i] == 0 ? 0 : (double) right[i] / (right[i] + wrong[i]));
        addRow(tensor, right.length, i -> truthCount == 0 ? 0 : (double) right[i] / truthCount);
        return tensor.build();
    }

    private static void addRow(TensorProto.Builder tensor, int length, IntToDoubleFunction value) {
        for (int i = 0; i < length; i++) {
            tensor.addFloatVal((float) value.applyAsDouble(i));
        }
    }

    private Event.Builder event(long step) {
        return Event.newBuilder().setWallTime(clock.millis() / 1e3).setStep(step);
    }

    private void write(Event.Builder event) throws IOException {
        byte[] bytes = event.build().toByteArray();
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .array();
        out.write(length);
        out.writeInt(Integer.reverseBytes(maskedCrc(length)));
        out.write(bytes);
        out.writeInt(Integer.reverseBytes(maskedCrc(bytes)));
        out.flush();
    }

    private static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
