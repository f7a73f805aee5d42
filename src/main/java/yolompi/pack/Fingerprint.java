package yolompi.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import yolompi.data.ImageEncoding;
import yolompi.geometry.LabeledBox;

/**
 * SHA-256 over everything in a data set that affects training and evaluation: encoding, size,
 * names, category ids, and in order the id, upright size, file digest and boxes of each image. It
 * does not depend on the distribution of the images over shards.
 */
final class Fingerprint {
    private final MessageDigest digest = PreparedImage.sha256();

    private Fingerprint() {}

    static String of(
            ImageEncoding encoding,
            int rawSize,
            List<String> names,
            List<Integer> categoryIds,
            List<PreparedImage> images) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.text(encoding.name());
        fingerprint.numbers(rawSize, names.size(), images.size());
        names.forEach(fingerprint::text);
        categoryIds.forEach(fingerprint::numbers);
        images.forEach(fingerprint::image);
        return HexFormat.of().formatHex(fingerprint.digest.digest());
    }

    private void image(PreparedImage image) {
        text(image.imageId());
        digest.update(image.digest());
        numbers(image.width(), image.height(), image.boxes().size());
        for (LabeledBox box : image.boxes()) {
            numbers(
                    Float.floatToIntBits(box.box().x1()),
                    Float.floatToIntBits(box.box().y1()),
                    Float.floatToIntBits(box.box().x2()),
                    Float.floatToIntBits(box.box().y2()),
                    box.classId(),
                    box.ignored() ? 1 : 0);
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        numbers(bytes.length);
        digest.update(bytes);
    }

    private void numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
        bytes.asIntBuffer().put(numbers);
        digest.update(bytes);
    }
}
