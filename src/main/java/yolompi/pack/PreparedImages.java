package yolompi.pack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import yolompi.geometry.LabeledBox;
import yolompi.io.OrderedTasks;
import yolompi.pack.annotation.AnnotatedImage;
import yolompi.pack.annotation.Finding;

/**
 * Checks images on all processes that pack together. Every process receives the results of all
 * images, in the order of the images.
 */
final class PreparedImages {
    /** Images of all processes together between two exchanges; keeps the messages small. */
    private static final int IMAGES_A_ROUND = 20_000;

    /** Serializes only record components, not other getters. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(MapperFeature.AUTO_DETECT_IS_GETTERS).build();

    private static final TypeReference<List<Found>> FOUND = new TypeReference<>() {};

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
            List<Finding> findings) {
        static Found of(PreparedImage.Outcome outcome) {
            return outcome.image()
                    .map(image -> new Found(
                            true,
                            image.width(),
                            image.height(),
                            image.byteCount(),
                            image.digest(),
                            image.boxes(),
                            outcome.findings()))
                    .orElseGet(() -> new Found(false, 0, 0, 0, new byte[0], List.of(), outcome.findings()));
        }

        PreparedImage.Outcome about(AnnotatedImage image) {
            Optional<PreparedImage> prepared = good
                    ? Optional.of(
                            new PreparedImage(image.imageId(), image.file(), width, height, byteCount, digest, boxes))
                    : Optional.empty();
            return new PreparedImage.Outcome(prepared, findings);
        }
    }

    private PreparedImages() {}

    /** @param step called after each image of this process */
    static void prepare(
            List<AnnotatedImage> images,
            PackTeam team,
            OrderedTasks tasks,
            Runnable step,
            Consumer<PreparedImage.Outcome> sink) {
        for (int begin = 0; begin < images.size(); begin += IMAGES_A_ROUND) {
            List<AnnotatedImage> round = images.subList(begin, Math.min(begin + IMAGES_A_ROUND, images.size()));
            List<List<Found>> byRank = team.gather(() -> encode(check(team.share(round), tasks, step))).stream()
                    .map(PreparedImages::decode)
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
}
