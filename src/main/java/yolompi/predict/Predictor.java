package yolompi.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.data.image.CheckedImage.DamagedImageException;
import yolompi.detect.Detection;
import yolompi.detect.Detector;
import yolompi.io.OrderedTasks;

/** Detects objects in images in batches, while other threads read and decode the next images. */
public final class Predictor {
    private final Detector detector;
    private final int size;
    private final int batch;
    private final List<Output> outputs;
    private final Runnable afterEach;

    private final List<SeenFrame> waiting = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private Optional<InputFile> current = Optional.empty();
    private int pictures;
    private int boxes;

    /** An image or frame: decoded, or the reason why it can't be. */
    private record Look(Frame frame, Optional<SeenFrame> seen, String damage) {}

    /**
     * The result of a run.
     *
     * @param pictures number of images and frames that were processed
     * @param boxes number of detections
     * @param skipped inputs that could not be read and outputs that could not be written, with the
     *     reason
     * @param seconds duration of the run
     */
    public record Result(int pictures, int boxes, Map<String, String> skipped, double seconds) {}

    /**
     * Prepares a run.
     *
     * @param size edge of the network's input, pixels
     * @param batch maximum number of images per forward pass
     * @param afterEach called after each image or frame, damaged ones included
     * @throws InputException if a batch is too large for a byte array
     */
    public Predictor(Detector detector, int size, int batch, List<Output> outputs, Runnable afterEach) {
        refuseHuge(batch, size);
        this.detector = detector;
        this.size = size;
        this.batch = batch;
        this.outputs = outputs;
        this.afterEach = afterEach;
    }

    private static void refuseHuge(int batch, int size) {
        long most = Integer.MAX_VALUE / (3L * size * size);
        if (batch > most) {
            throw new WrongUsageException(
                    "--batch %d: expected at most %d images of %d x %d pixels".formatted(batch, most, size, size));
        }
    }

    /** Processes all inputs on the calling thread and {@code threads} others. Call it once. */
    public Result run(List<InputFile> inputs, int threads) throws IOException {
        long begin = System.nanoTime();
        try (OrderedTasks tasks = new OrderedTasks(threads);
                Frames frames = new Frames(inputs, skipped::put)) {
            tasks.forEach(() -> frames, this::look, this::take);
            predictWaiting();
            endInput();
            for (Output output : outputs) {
                output.finish();
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            outputs.forEach(Output::close);
        }
        return new Result(pictures, boxes, skipped, (System.nanoTime() - begin) / 1e9);
    }

    private Look look(Frame frame) {
        try {
            ImageFile image = ImageFile.of(frame.content().read());
            return new Look(frame, Optional.of(new SeenFrame(frame, image, image.letterboxed(size))), "");
        } catch (DamagedImageException | InputException | IOException e) {
            return new Look(frame, Optional.empty(), e.getMessage());
        }
    }

    private void take(Look look) {
        look.seen().ifPresentOrElse(waiting::add, () -> {
            skipped.put(look.frame().title(), look.damage());
            afterEach.run();
        });
        if (waiting.size() == batch) {
            predictWaiting();
        }
    }

    private void predictWaiting() {
        int count = waiting.size();
        if (count == 0) {
            return;
        }
        byte[] views = new byte[count * 3 * size * size];
        for (int i = 0; i < count; i++) {
            System.arraycopy(waiting.get(i).view(), 0, views, i * 3 * size * size, 3 * size * size);
        }
        List<List<Detection>> found = detector.detect(views, count, size);
        for (int i = 0; i < count; i++) {
            give(waiting.get(i), found.get(i));
        }
        waiting.clear();
    }

    private void give(SeenFrame seen, List<Detection> found) {
        List<Detection> inImage =
                Detection.inImage(found, seen.image().width(), seen.image().height(), size);
        Optional<InputFile> input = Optional.of(seen.frame().input());
        if (!current.equals(input)) {
            endInput();
            current = input;
        }
        outputs.forEach(output -> write(() -> output.add(seen, inImage)));
        pictures++;
        boxes += inImage.size();
        afterEach.run();
    }

    private void endInput() {
        outputs.forEach(output -> write(output::endInput));
    }

    private interface Writing {
        void run() throws IOException;
    }

    /**
     * Runs an action. If it can't write an output of one input, records that for the result and
     * continues.
     */
    private void write(Writing action) {
        try {
            action.run();
        } catch (UnwritableOutputException e) {
            // All frames of a video may fail with the same message.
            skipped.merge(e.input(), e.getMessage(), (one, other) -> one.contains(other) ? one : one + "; " + other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
