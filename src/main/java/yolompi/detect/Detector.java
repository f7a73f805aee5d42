package yolompi.detect;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.model.HeadDecoder;
import yolompi.model.Network;
import yolompi.model.YoloHead;
import yolompi.torch.DeviceContext;
import yolompi.torch.DeviceContext.Autocast;
import yolompi.torch.Tensors;

/** Detects objects in images: runs the network, decodes its heads and applies NMS. */
public final class Detector {
    /**
     * Maximum number of boxes per image that enter NMS, which is quadratic in the worst case. The
     * best boxes are far fewer.
     */
    public static final int MAX_CANDIDATES = 30_000;

    private final Network network;
    private final NmsConfig rule;
    private final DeviceContext device;

    /**
     * Creates a detector.
     *
     * @param device device of the network and precision of its convolutions
     */
    public Detector(Network network, NmsConfig rule, DeviceContext device) {
        this.network = network;
        this.rule = rule;
        this.device = device;
    }

    /**
     * Detections of each image, best first, with boxes in pixels of the square input.
     *
     * @param pixels uint8 {@code [N,S,S,3]}, RGB, letterboxed
     */
    public List<List<Detection>> detect(byte[] pixels, int images, int size) {
        return detect(pixels, images, size, heads -> {});
    }

    /**
     * Like {@link #detect(byte[], int, int)}; also passes the raw heads to {@code watcher} while
     * they exist.
     *
     * @param watcher receives float {@code [N, A*(5+C), G, G]} for each head
     */
    public List<List<Detection>> detect(byte[] pixels, int images, int size, Consumer<List<Tensor>> watcher) {
        List<Candidates> candidates =
                Stream.generate(Candidates::new).limit(images).toList();
        try (PointerScope scope = new PointerScope();
                NoGradGuard inference = new NoGradGuard()) {
            List<Tensor> raw;
            try (Autocast cast = device.autocast()) {
                raw = network.forward(Network.toInput(pixels, images, size, device), false);
            }
            watcher.accept(raw);
            List<YoloHead> heads = network.architecture().heads();
            IntStream.range(0, heads.size()).forEach(i -> decode(heads.get(i), raw.get(i), candidates));
        }
        return candidates.stream().map(image -> image.suppress(rule)).toList();
    }

    private void decode(YoloHead head, Tensor raw, List<Candidates> candidates) {
        HeadDecoder values = new HeadDecoder(head, raw);
        Tensor boxes = values.boxes(); // [N,B,4]
        Tensor probabilities = values.rows().narrow(1, 4, 1 + head.classes()).sigmoid(); // [N*B,1+C]
        Tensor scores = probabilities.narrow(1, 1, head.classes()).mul(probabilities.narrow(1, 0, 1)); // [N*B,C]
        if (!rule.multiLabel()) {
            scores = bestOfEach(scores); // [N*B,C]
        }
        Tensor found = torch.nonzero(scores.gt(new Scalar(rule.confidence()))); // [K,2]: predictor, class
        Tensor predictor = found.select(1, 0); // [K]
        Tensor classId = found.select(1, 1); // [K]
        Tensor score = scores.flatten()
                .index_select(0, predictor.mul(new Scalar(head.classes())).add(classId)); // [K]
        Tensor table = torch.cat(
                new TensorVector(
                        boxes.reshape(-1, 4).index_select(0, predictor),
                        score.unsqueeze(1),
                        classId.unsqueeze(1).to(ScalarType.Float)),
                1); // [K,6]
        float[] rows = Tensors.toFloats(table);
        long[] predictors = Tensors.toLongs(predictor);
        long perImage = boxes.size(1);
        for (int i = 0; i < predictors.length; i++) {
            candidates.get((int) (predictors[i] / perImage)).add(rows, i);
        }
    }

    /** Keeps the best score of each row, the first of equal ones, and sets all others to 0. */
    private static Tensor bestOfEach(Tensor scores) {
        Tensor best = scores.argmax(new LongOptional(1), true); // [N*B,1]
        return torch.zeros_like(scores).scatter(1, best, scores.gather(1, best));
    }
}
