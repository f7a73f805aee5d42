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
import yolompi.data.DamagedImageException;
import yolompi.data.ImageFile;
import yolompi.data.OrderedTasks;
import yolompi.detect.Detection;
import yolompi.detect.Detector;
import yolompi.report.PredictedBox;
import yolompi.report.PredictedImage;

/** Looks at pictures in batches: threads read and decode the next ones meanwhile. */
public final class Predictor {
    private final Detector detector;
    private final List<String> names;
    private final int size;
    private final int batch;
    private final List<Output> outputs;
    private final Runnable afterEach;

    private final List<SeenFrame> waiting = new ArrayList<>();
    private final Map<String, String> skipped = new LinkedHashMap<>();
    private Optional<InputFile> current = Optional.empty();
    private int pictures;
    private int boxes;

    /** A picture that was looked for: seen, or why not. */
    private record Look(Frame frame, Optional<SeenFrame> seen, String damage) {}

    /**
     * What was done.
     *
     * @param pictures images and frames that were looked at
     * @param boxes found in them
     * @param skipped what could not be read, or not be written, and why
     * @param seconds from the first to the last
     */
    public record Result(int pictures, int boxes, Map<String, String> skipped, double seconds) {}

    /**
     * Sets up a run.
     *
     * @param names of the classes
     * @param size edge of the network's input, pixels
     * @param batch pictures that the network sees at once, at most
     * @param afterEach is called for each picture, damaged ones included
     * @throws InputException where a batch is too large for an array of bytes
     */
    public Predictor(
            Detector detector, List<String> names, int size, int batch, List<Output> outputs, Runnable afterEach) {
        refuseHuge(batch, size);
        this.detector = detector;
        this.names = names;
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

    /** Looks at all, on the calling thread and so many others; to be called once. */
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
        int width = seen.image().width();
        int height = seen.image().height();
        List<PredictedBox> inImage = Detection.inImage(found, width, height, size).stream()
                .map(detection -> new PredictedBox(
                        detection.classId(), names.get(detection.classId()), detection.score(), detection.box()))
                .toList();
        Frame frame = seen.frame();
        PredictedImage predicted =
                new PredictedImage(frame.input().path().toString(), frame.number(), width, height, inImage);
        if (!current.equals(Optional.of(frame.input()))) {
            endInput();
            current = Optional.of(frame.input());
        }
        outputs.forEach(output -> write(() -> output.add(seen, predicted)));
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

    /** What can't be written for one input is told in the end, and all else goes on. */
    private void write(Writing action) {
        try {
            action.run();
        } catch (UnwritableOutputException e) {
            // Each frame of a video may say the same.
            skipped.merge(e.input(), e.getMessage(), (one, other) -> one.contains(other) ? one : one + "; " + other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
