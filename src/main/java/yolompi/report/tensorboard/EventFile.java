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
import java.util.zip.CRC32C;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.tensorboard.proto.Event;
import yolompi.report.tensorboard.proto.PrCurvePluginData;
import yolompi.report.tensorboard.proto.SessionLog;
import yolompi.report.tensorboard.proto.Summary;
import yolompi.report.tensorboard.proto.SummaryMetadata;

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
        EventTags.of(row)
                .forEach((tag, value) ->
                        summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue(value.floatValue())));
        write(event(row.step()).setSummary(summary));
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
                                .setTensor(PrecisionRecallTensor.of(right, wrong, truthCount)))));
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
