package yolompi.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import yolompi.detect.Detection;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Random images with ground truth, some of it ignored, and detections: some near ground truth,
 * others anywhere. Many scores are equal.
 */
final class RandomResults {
    private final Random random;
    private final int classCount;

    RandomResults(long seed, int classCount) {
        this.random = new Random(seed);
        this.classCount = classCount;
    }

    List<ImageResult> images(int count, int truthCount, int detectionCount) {
        List<ImageResult> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(image(i, truthCount, detectionCount));
        }
        return results;
    }

    private ImageResult image(int index, int truthCount, int detectionCount) {
        List<LabeledBox> truth = new ArrayList<>();
        for (int i = 0; i < truthCount; i++) {
            truth.add(new LabeledBox(anyBox(), random.nextInt(classCount), random.nextInt(10) == 0));
        }
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < detectionCount; i++) {
            detections.add(detection(truth));
        }
        return new ImageResult(index, truth, detections);
    }

    private Detection detection(List<LabeledBox> truth) {
        float score = random.nextInt(1, 1000) / 1000f;
        if (truth.isEmpty() || random.nextInt(3) == 0) {
            return new Detection(random.nextInt(classCount), score, anyBox());
        }
        LabeledBox near = truth.get(random.nextInt(truth.size()));
        int classId = random.nextInt(8) == 0 ? random.nextInt(classCount) : near.classId();
        return new Detection(classId, score, moved(near.box()));
    }

    private Box moved(Box box) {
        float reach = 0.3f * random.nextFloat();
        return new Box(
                box.x1() + reach * box.width() * random.nextFloat(-0.5f, 0.5f),
                box.y1() + reach * box.height() * random.nextFloat(-0.5f, 0.5f),
                box.x2() + reach * box.width() * random.nextFloat(-0.5f, 0.5f),
                box.y2() + reach * box.height() * random.nextFloat(-0.5f, 0.5f));
    }

    private Box anyBox() {
        float x = random.nextFloat(500);
        float y = random.nextFloat(400);
        return new Box(x, y, x + 10 + random.nextFloat(130), y + 10 + random.nextFloat(70));
    }
}
