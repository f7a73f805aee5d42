package yolompi.eval.metric;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Ground truth and detections of one image. All boxes are in pixels of the upright original image.
 *
 * @param imageIndex the sample's index in the shard set, from 0
 */
public record ImageResult(int imageIndex, List<LabeledBox> truth, List<Detection> detections) {
    public ImageResult {
        truth = List.copyOf(truth);
        detections = List.copyOf(detections);
    }

    /**
     * Encodes image results as bytes, lossless, to gather them from the ranks of a job. The format
     * is big-endian:
     *
     * <pre>
     * number of images (int)
     * for each image:
     *   index (int)
     *   number of ground-truth boxes (int)
     *   for each box: class (int), ignored (byte), x1, y1, x2, y2 (float)
     *   number of detections (int)
     *   for each detection: class (int), score, x1, y1, x2, y2 (float)
     * </pre>
     */
    public static byte[] encode(List<ImageResult> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(results.size());
            for (ImageResult result : results) {
                result.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes the bytes of {@link #encode}.
     *
     * @throws UncheckedIOException if the bytes end too early
     * @throws IllegalArgumentException if bytes are left after the last result
     */
    public static List<ImageResult> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = in.readInt();
            List<ImageResult> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                results.add(read(in));
            }
            if (in.available() > 0) {
                throw new IllegalArgumentException(
                        in.available() + " of " + bytes.length + " bytes are left after " + count + " image results");
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException("image results end too early, after " + bytes.length + " bytes", e);
        }
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeInt(imageIndex);
        out.writeInt(truth.size());
        for (LabeledBox labeled : truth) {
            out.writeInt(labeled.classId());
            out.writeBoolean(labeled.ignored());
            writeBox(out, labeled.box());
        }
        out.writeInt(detections.size());
        for (Detection detection : detections) {
            out.writeInt(detection.classId());
            out.writeFloat(detection.score());
            writeBox(out, detection.box());
        }
    }

    private static ImageResult read(DataInputStream in) throws IOException {
        int imageIndex = in.readInt();
        int truthCount = in.readInt();
        List<LabeledBox> truth = new ArrayList<>();
        for (int i = 0; i < truthCount; i++) {
            int classId = in.readInt();
            boolean ignored = in.readBoolean();
            truth.add(new LabeledBox(readBox(in), classId, ignored));
        }
        int detectionCount = in.readInt();
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < detectionCount; i++) {
            int classId = in.readInt();
            float score = in.readFloat();
            detections.add(new Detection(classId, score, readBox(in)));
        }
        return new ImageResult(imageIndex, truth, detections);
    }

    private static void writeBox(DataOutputStream out, Box box) throws IOException {
        out.writeFloat(box.x1());
        out.writeFloat(box.y1());
        out.writeFloat(box.x2());
        out.writeFloat(box.y2());
    }

    private static Box readBox(DataInputStream in) throws IOException {
        return new Box(in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat());
    }
}
