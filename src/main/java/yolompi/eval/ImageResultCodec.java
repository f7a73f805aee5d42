package yolompi.eval;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import yolompi.detect.Detection;
import yolompi.eval.metric.ImageResult;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Encodes image results as bytes, lossless, to gather them from the ranks of a job. The format is
 * big-endian:
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
public final class ImageResultCodec {
    private ImageResultCodec() {}

    public static byte[] encode(List<ImageResult> results) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(results.size());
            for (ImageResult result : results) {
                writeResult(out, result);
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
                results.add(readResult(in));
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

    private static void writeResult(DataOutputStream out, ImageResult result) throws IOException {
        out.writeInt(result.imageIndex());
        out.writeInt(result.truth().size());
        for (LabeledBox truth : result.truth()) {
            out.writeInt(truth.classId());
            out.writeBoolean(truth.ignored());
            writeBox(out, truth.box());
        }
        out.writeInt(result.detections().size());
        for (Detection detection : result.detections()) {
            out.writeInt(detection.classId());
            out.writeFloat(detection.score());
            writeBox(out, detection.box());
        }
    }

    private static ImageResult readResult(DataInputStream in) throws IOException {
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
