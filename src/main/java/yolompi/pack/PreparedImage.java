package yolompi.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.data.image.CheckedImage;
import yolompi.data.image.DamagedImageException;
import yolompi.data.image.ExifOrientation;
import yolompi.data.image.ImageCheck;
import yolompi.geometry.LabeledBox;
import yolompi.pack.annotation.AnnotatedImage;
import yolompi.pack.annotation.Finding;
import yolompi.pack.annotation.Reason;

/**
 * A checked image to be packed; its bytes stay in the file until then.
 *
 * @param byteCount length of the file
 * @param digest SHA-256 of the file
 * @param boxes in pixels of the upright image
 */
record PreparedImage(
        String imageId, Path file, int width, int height, int byteCount, byte[] digest, List<LabeledBox> boxes) {

    /** The result of checking an annotated image. */
    record Outcome(Optional<PreparedImage> image, List<Finding> findings) {}

    static Outcome prepare(AnnotatedImage annotated) {
        List<Finding> findings = new ArrayList<>(annotated.findings());
        String name = annotated.file().toString();
        try {
            byte[] bytes = Files.readAllBytes(annotated.file());
            CheckedImage image = ImageCheck.of(bytes);
            reportConversions(name, image, findings);
            List<LabeledBox> boxes = BoxCheck.check(annotated, image, findings);
            PreparedImage prepared = new PreparedImage(
                    annotated.imageId(),
                    annotated.file(),
                    image.width(),
                    image.height(),
                    bytes.length,
                    sha256().digest(bytes),
                    List.copyOf(boxes));
            return new Outcome(Optional.of(prepared), findings);
        } catch (NoSuchFileException missing) {
            return new Outcome(Optional.empty(), List.of(new Finding(name, Reason.MISSING_IMAGE, "")));
        } catch (IOException | DamagedImageException failure) {
            String why = String.valueOf(failure.getMessage());
            return new Outcome(Optional.empty(), List.of(new Finding(name, Reason.DAMAGED_IMAGE, why)));
        }
    }

    private static void reportConversions(String name, CheckedImage image, List<Finding> findings) {
        if (image.orientation() != ExifOrientation.UPRIGHT) {
            String detail = "orientation " + image.orientation().value();
            findings.add(new Finding(name, Reason.EXIF_ORIENTATION, detail));
        }
        switch (image.color()) {
            case GREY -> findings.add(new Finding(name, Reason.GREY_IMAGE, ""));
            case CMYK -> findings.add(new Finding(name, Reason.CMYK_IMAGE, ""));
            case RGB -> {}
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
