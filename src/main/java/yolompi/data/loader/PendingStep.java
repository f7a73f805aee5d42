package yolompi.data.loader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.StepBatches;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * A step in progress in a {@link BatchLoader}. The loader's lock guards everything here except the
 * pixels of a claimed image.
 */
final class PendingStep {
    private final long step;
    private final List<Piece> pieces;
    private final int images;
    private int claimed;
    private int finished;
    private Optional<RuntimeException> failure = Optional.empty();

    /** The next image to claim. */
    private int piece;

    private int slot;

    PendingStep(long step, List<List<SampleRef>> microBatches, int size) {
        this.step = step;
        this.pieces =
                microBatches.stream().map(samples -> Piece.empty(samples, size)).toList();
        this.images = pieces.stream().mapToInt(each -> each.samples().size()).sum();
    }

    /** A step that could not begin. */
    static PendingStep failed(long step, RuntimeException failure) {
        PendingStep failed = new PendingStep(step, List.of(), 0);
        failed.fail(failure);
        return failed;
    }

    /** A micro-batch in progress. */
    private record Piece(List<SampleRef> samples, int size, byte[] images, List<List<LabeledBox>> boxes) {
        static Piece empty(List<SampleRef> samples, int size) {
            List<List<LabeledBox>> noBoxes = new ArrayList<>(Collections.nCopies(samples.size(), List.of()));
            return new Piece(samples, size, new byte[Batch.bytesOf(samples.size(), size)], noBoxes);
        }

        Batch toBatch() {
            return new Batch(samples, size, images, boxRows(boxes));
        }
    }

    /** A claimed image: its sample and its place in the batch. */
    record Place(PendingStep owner, int piece, int slot, SampleRef sample, int size, byte[] images, int offset) {}

    boolean isClaimed() {
        return claimed == images;
    }

    Place claim() {
        while (slot == pieces.get(piece).samples().size()) {
            piece++;
            slot = 0;
        }
        Piece filled = pieces.get(piece);
        int offset = filled.images().length / filled.samples().size() * slot;
        Place place = new Place(this, piece, slot, filled.samples().get(slot), filled.size(), filled.images(), offset);
        slot++;
        claimed++;
        return place;
    }

    void finish(Place place, List<LabeledBox> found) {
        pieces.get(place.piece()).boxes().set(place.slot(), found);
        finished++;
    }

    void fail(RuntimeException reason) {
        failure = Optional.of(reason);
    }

    Optional<RuntimeException> failure() {
        return failure;
    }

    boolean isSettled() {
        return finished == images || failure.isPresent();
    }

    long step() {
        return step;
    }

    StepBatches toLoadedStep() {
        return new StepBatches(step, pieces.stream().map(Piece::toBatch).toList());
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
