package yolompi.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/** A step under way in a {@link BatchLoader}, which guards everything here by its lock, except the filling of a claimed image. */
final class PendingStep {
    private final long step;
    private final List<SampleRef> samples;
    private final LoaderSettings settings;
    private final List<byte[]> images = new ArrayList<>();
    private final List<List<LabeledBox>> boxes = new ArrayList<>();
    private int claimed;
    private int finished;
    private Optional<RuntimeException> failure = Optional.empty();

    PendingStep(long step, List<SampleRef> samples, LoaderSettings settings) {
        this.step = step;
        this.samples = samples;
        this.settings = settings;
        for (int from = 0; from < samples.size(); from += settings.microBatch()) {
            int count = Math.min(settings.microBatch(), samples.size() - from);
            images.add(new byte[count * settings.imageBytes()]);
        }
        samples.forEach(sample -> boxes.add(List.of()));
    }

    /** A step that could not even be begun. */
    static PendingStep failed(long step, LoaderSettings settings, RuntimeException failure) {
        PendingStep failed = new PendingStep(step, List.of(), settings);
        failed.fail(failure);
        return failed;
    }

    /** One image to be filled: where it goes, and what goes there. */
    record Place(PendingStep owner, int position, SampleRef sample, byte[] images, int offset) {}

    boolean isClaimed() {
        return claimed == samples.size();
    }

    Place claim() {
        int position = claimed++;
        int slot = position % settings.microBatch();
        return new Place(
                this,
                position,
                samples.get(position),
                images.get(position / settings.microBatch()),
                slot * settings.imageBytes());
    }

    void finish(Place place, List<LabeledBox> found) {
        boxes.set(place.position(), found);
        finished++;
    }

    void fail(RuntimeException reason) {
        failure = Optional.of(reason);
    }

    Optional<RuntimeException> failure() {
        return failure;
    }

    boolean isSettled() {
        return finished == samples.size() || failure.isPresent();
    }

    long step() {
        return step;
    }

    LoadedStep toLoadedStep() {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            int from = i * settings.microBatch();
            int end = Math.min(from + settings.microBatch(), samples.size());
            float[] rows = boxRows(boxes.subList(from, end));
            batches.add(new Batch(samples.subList(from, end), settings.size(), images.get(i), rows));
        }
        return new LoadedStep(step, List.copyOf(batches));
    }

    private static float[] boxRows(List<List<LabeledBox>> boxesOfImages) {
        int count = boxesOfImages.stream()
                .mapToInt(boxes ->
                        (int) boxes.stream().filter(box -> !box.ignored()).count())
                .sum();
        float[] rows = new float[count * 6];
        int at = 0;
        for (int image = 0; image < boxesOfImages.size(); image++) {
            for (LabeledBox labeled : boxesOfImages.get(image)) {
                if (!labeled.ignored()) {
                    Box box = labeled.box();
                    rows[at++] = image;
                    rows[at++] = labeled.classId();
                    rows[at++] = box.centerX();
                    rows[at++] = box.centerY();
                    rows[at++] = box.width();
                    rows[at++] = box.height();
                }
            }
        }
        return rows;
    }
}
