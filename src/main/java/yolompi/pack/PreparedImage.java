package yolompi.pack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import yolompi.data.image.CheckedImage;
import yolompi.data.image.CheckedImage.DamagedImageException;
import yolompi.data.image.ExifOrientation;
import yolompi.geometry.LabeledBox;
import yolompi.io.OrderedTasks;
import yolompi.pack.annotation.Annotations.AnnotatedImage;
import yolompi.pack.annotation.PackIssue;

/**
 * A checked image to be packed; its bytes stay in the file until then.
 *
 * @param byteCount length of the file
 * @param digest SHA-256 of the file
 * @param boxes in pixels of the upright image
 */
record PreparedImage(
        String imageId, Path file, int width, int height, int byteCount, byte[] digest, List<LabeledBox> boxes) {
    /** Images of all processes together between two exchanges; keeps the messages small. */
    private static final int IMAGES_A_ROUND = 20_000;

    /** Serializes only record components, not other getters. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

    private static final TypeReference<List<Found>> FOUND = new TypeReference<>() {};

    /** The result of checking an annotated image. */
    record Outcome(Optional<PreparedImage> image, List<PackIssue> issues) {}

    /**
     * The result for one image as sent to the other processes, which know the image by its place in
     * the list.
     */
    private record Found(
            boolean good,
            int width,
            int height,
            int byteCount,
            byte[] digest,
            List<LabeledBox> boxes,
            List<PackIssue> issues) {
        static Found of(Outcome outcome) {
            return outcome.image()
                    .map(image -> new Found(
                            true,
                            image.width(),
                            image.height(),
                            image.byteCount(),
                            image.digest(),
                            image.boxes(),
                            outcome.issues()))
                    .orElseGet(() -> new Found(false, 0, 0, 0, new byte[0], List.of(), outcome.issues()));
        }

        Outcome about(AnnotatedImage image) {
            Optional<PreparedImage> prepared = good
                    ? Optional.of(
                            new PreparedImage(image.imageId(), image.file(), width, height, byteCount, digest, boxes))
                    : Optional.empty();
            return new Outcome(prepared, issues);
        }
    }

    /**
     * Checks images on all processes that pack together. Every process receives the results of all
     * images, in the order of the images.
     *
     * @param step called after each image of this process
     */
    static void prepareAll(
            List<AnnotatedImage> images, PackTeam team, OrderedTasks tasks, Runnable step, Consumer<Outcome> sink) {
        for (int begin = 0; begin < images.size(); begin += IMAGES_A_ROUND) {
            List<AnnotatedImage> round = images.subList(begin, Math.min(begin + IMAGES_A_ROUND, images.size()));
            List<List<Found>> byRank = team.gather(() -> encode(check(team.share(round), tasks, step))).stream()
                    .map(PreparedImage::decode)
                    .toList();
            for (int i = 0; i < round.size(); i++) {
                Found found = byRank.get(i % team.size()).get(i / team.size());
                sink.accept(found.about(round.get(i)));
            }
        }
    }

    private static List<Found> check(List<AnnotatedImage> images, OrderedTasks tasks, Runnable step) {
        List<Found> found = new ArrayList<>();
        tasks.forEach(images, PreparedImage::prepare, outcome -> {
            found.add(Found.of(outcome));
            step.run();
        });
        return found;
    }

    private static byte[] encode(List<Found> found) {
        try {
            return JSON.writeValueAsBytes(found);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode this rank's image check", e);
        }
    }

    private static List<Found> decode(byte[] json) {
        try {
            return JSON.readValue(json, FOUND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read another rank's image check: " + e.getMessage(), e);
        }
    }

    private static Outcome prepare(AnnotatedImage annotated) {
        List<PackIssue> issues = new ArrayList<>(annotated.issues());
        String name = annotated.file().toString();
        try {
            byte[] bytes = Files.readAllBytes(annotated.file());
            CheckedImage image = CheckedImage.of(bytes);
            reportConversions(name, image, issues);
            List<LabeledBox> boxes = BoxCheck.check(annotated, image, issues);
            PreparedImage prepared = new PreparedImage(
                    annotated.imageId(),
                    annotated.file(),
                    image.width(),
                    image.height(),
                    bytes.length,
                    sha256().digest(bytes),
                    List.copyOf(boxes));
            return new Outcome(Optional.of(prepared), issues);
        } catch (NoSuchFileException missing) {
            return new Outcome(Optional.empty(), List.of(new PackIssue(name, PackIssue.Kind.MISSING_IMAGE, "")));
        } catch (IOException | DamagedImageException failure) {
            String why = String.valueOf(failure.getMessage());
            return new Outcome(Optional.empty(), List.of(new PackIssue(name, PackIssue.Kind.DAMAGED_IMAGE, why)));
        }
    }

    private static void reportConversions(String name, CheckedImage image, List<PackIssue> issues) {
        if (image.orientation() != ExifOrientation.UPRIGHT) {
            String detail = "orientation " + image.orientation().value();
            issues.add(new PackIssue(name, PackIssue.Kind.EXIF_ORIENTATION, detail));
        }
        switch (image.color()) {
            case GRAY -> issues.add(new PackIssue(name, PackIssue.Kind.GREY_IMAGE, ""));
            case CMYK -> issues.add(new PackIssue(name, PackIssue.Kind.CMYK_IMAGE, ""));
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
