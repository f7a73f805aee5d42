package yolompi.report.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.report.image.RgbImage;
import yolompi.report.metrics.Metric;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.tensorboard.proto.Event;
import yolompi.report.tensorboard.proto.PrCurvePluginData;
import yolompi.report.tensorboard.proto.SessionLog;
import yolompi.report.tensorboard.proto.Summary;
import yolompi.report.tensorboard.proto.TensorShapeProto;

class EventFileTest {
    private static final Clock NOON = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void fileStartsWithTheBytesOfTensorFlow() throws IOException {
        EventFile.begin(folder, 0, "node01", NOON).close();

        // Length 24, its masked checksum, and the field tag of wall_time.
        assertThat(HexFormat.of().formatHex(bytes(), 0, 13)).isEqualTo("1800000000000000" + "a37f4b22" + "09");
    }

    @Test
    void fileHoldsTheHistoryByTag() throws IOException {
        try (EventFile events = EventFile.begin(folder, 40, "node01", NOON)) {
            events.row(MetricsRow.ofStep(3, 50).with(Metric.LOSS, 1.5).with(Metric.TIME_S, 9));
            events.row(MetricsRow.ofEpoch(3, 52).with(Metric.LOSS, 1.25).with(Metric.MAP50, 0.75));
        }

        List<Event> all = events();
        assertThat(all).hasSize(4);
        assertThat(all.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(all.get(1).getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
        assertThat(all.get(1).getStep()).isEqualTo(41);
        assertThat(all.get(2).getStep()).isEqualTo(50);
        assertThat(all.get(2).getWallTime()).isEqualTo(1.7e9);
        assertThat(all.get(2).getSummary().getValueList())
                .extracting(Summary.Value::getTag, Summary.Value::getSimpleValue)
                .containsExactly(tuple("train/loss", 1.5f));
        assertThat(all.get(3).getSummary().getValueList())
                .extracting(Summary.Value::getTag, Summary.Value::getSimpleValue)
                .containsExactlyInAnyOrder(tuple("train/loss_of_epoch", 1.25f), tuple("val/map50", 0.75f));
    }

    @Test
    void fileHoldsEncodedImagesUnchanged() throws IOException {
        BufferedImage picture = new BufferedImage(12, 8, BufferedImage.TYPE_INT_RGB);
        Path file = folder.resolve("pictures").resolve("a.png");
        RgbImage.write(picture, file);
        try (EventFile events = EventFile.begin(folder, 0, "node01", NOON)) {
            events.picture(7, "pictures/a", picture, file);
        }

        Summary.Image image = events().get(2).getSummary().getValue(0).getImage();
        assertThat(image.getWidth()).isEqualTo(12);
        assertThat(image.getHeight()).isEqualTo(8);
        assertThat(image.getEncodedImageString().toByteArray()).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void fileHoldsCurvesInTheFormatOfThePlugin() throws Exception {
        try (EventFile events = EventFile.begin(folder, 0, "node01", NOON)) {
            events.precisionRecall(7, "precision_recall/all", new int[] {4, 2, 0}, new int[] {4, 0, 0}, 5);
        }

        Summary.Value value = events().get(2).getSummary().getValue(0);
        assertThat(value.getTag()).isEqualTo("precision_recall/all");
        assertThat(value.getMetadata().getPluginData().getPluginName()).isEqualTo("pr_curves");
        assertThat(PrCurvePluginData.parseFrom(
                                value.getMetadata().getPluginData().getContent())
                        .getNumThresholds())
                .isEqualTo(3);
        assertThat(value.getTensor().getTensorShape().getDimList())
                .extracting(TensorShapeProto.Dim::getSize)
                .containsExactly(6L, 3L);
        assertThat(value.getTensor().getFloatValList())
                .containsExactly(4f, 2f, 0f, 4f, 0f, 0f, 0f, 0f, 0f, 1f, 3f, 5f, 0.5f, 1f, 0f, 0.8f, 0.4f, 0f);
    }

    /** Reads records as {@code record_reader.h} does, and checks both checksums. */
    private List<Event> events() throws IOException {
        ByteBuffer records = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (records.hasRemaining()) {
            byte[] length = new byte[8];
            records.get(length);
            assertThat(records.getInt()).isEqualTo(masked(length));
            byte[] event = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            records.get(event);
            assertThat(records.getInt()).isEqualTo(masked(event));
            events.add(Event.parseFrom(event));
        }
        return events;
    }

    private static int masked(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long value = crc.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
    }

    private byte[] bytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.filter(found ->
                            found.getFileName().toString().startsWith("events.out.tfevents.1700000000.node01."))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(file);
        }
    }
}
