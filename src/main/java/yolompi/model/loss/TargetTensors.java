package yolompi.model.loss;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.loss.TargetAssignment.HeadTargets;
import yolompi.torch.Tensors;

/**
 * {@link TargetAssignment} as tensors. All numbers are packed into two tensors, so that two copies
 * move the targets of a batch to a GPU. Any thread may create them ahead of the step.
 */
public final class TargetTensors implements AutoCloseable {
    private final TargetAssignment targets;
    private final List<Integer> order; // images, most ground-truth boxes first
    private final Tensor floats; // ground truth; then for each head boxes, anchors, places
    private final Tensor longs; // order, its inverse; then for each head predictors, classes

    private TargetTensors(TargetAssignment targets, List<Integer> order, Tensor floats, Tensor longs) {
        this.targets = targets;
        this.order = order;
        this.floats = floats;
        this.longs = longs;
    }

    /**
     * The targets of one head, all on one device.
     *
     * @param predictors int64 {@code [P]}, see {@link HeadTargets}
     * @param classes int64 {@code [P]}
     * @param boxes float32 {@code [P,4]}: center x, center y, width, height, input pixels
     * @param anchors float32 {@code [P,2]}: width, height, input pixels
     * @param places float32 {@code [P,2]}: column, row
     */
    record Head(int count, Tensor predictors, Tensor classes, Tensor boxes, Tensor anchors, Tensor places) {}

    /**
     * The ground-truth boxes of all images, on one device.
     *
     * @param boxes float32 {@code [N,T,4]}: x1, y1, x2, y2 in input pixels, padded with empty boxes
     * @param order int64 {@code [N]}: the images, most ground-truth boxes first
     * @param inverse int64 {@code [N]}: position of each image in that order
     * @param counts ground-truth boxes of each image, in that order
     */
    record Truth(Tensor boxes, Tensor order, Tensor inverse, List<Integer> counts) {}

    /** All targets on the device of the loss. */
    record Placed(List<Head> heads, Truth truth) {}

    /** Packs the targets of a batch, on the host. */
    public static TargetTensors of(TargetAssignment targets) {
        List<Integer> order = IntStream.range(0, targets.images())
                .boxed()
                .sorted(Comparator.comparing(image -> -targets.groundTruthCount(image)))
                .toList();
        int count = targets.count();
        FloatBuffer floats = FloatBuffer.allocate(targets.groundTruth().length + 8 * count);
        LongBuffer longs = LongBuffer.allocate(2 * order.size() + 2 * count);
        floats.put(targets.groundTruth());
        order.forEach(longs::put);
        for (int place = 0; place < order.size(); place++) {
            longs.put(order.size() + order.get(place), place);
        }
        longs.position(2 * order.size());
        for (HeadTargets head : targets.heads()) {
            floats.put(head.boxes()).put(head.anchors()).put(head.places());
            longs.put(head.predictors()).put(head.classes());
        }
        return new TargetTensors(
                targets,
                order,
                Tensors.ofFloats(floats.array(), floats.capacity()),
                Tensors.ofLongs(longs.array(), longs.capacity()));
    }

    /** Moves the targets to other memory and closes this object. */
    public TargetTensors moved(UnaryOperator<Tensor> move) {
        TargetTensors moved = new TargetTensors(targets, order, move.apply(floats), move.apply(longs));
        close();
        return moved;
    }

    /** The two packed tensors. */
    public List<Tensor> tensors() {
        return List.of(floats, longs);
    }

    /** Number of assigned predictors in all heads. */
    public int count() {
        return targets.count();
    }

    /** The targets on the device of another tensor. Does not wait for the copies. */
    Placed beside(Tensor other) {
        Parts numbers = new Parts(Tensors.beside(other, floats));
        Parts indices = new Parts(Tensors.beside(other, longs));
        int images = targets.images();
        int most = targets.maxGroundTruthCount();
        Truth truth = new Truth(
                numbers.next((long) images * most * 4).view(images, most, 4), // [N,T,4]
                indices.next(images), // [N]
                indices.next(images), // [N]
                order.stream().map(targets::groundTruthCount).toList());
        List<Head> heads = new ArrayList<>();
        for (HeadTargets head : targets.heads()) {
            int count = head.count();
            heads.add(new Head(
                    count,
                    indices.next(count), // [P]
                    indices.next(count), // [P]
                    numbers.next(4L * count).view(count, 4), // [P,4]
                    numbers.next(2L * count).view(count, 2), // [P,2]
                    numbers.next(2L * count).view(count, 2))); // [P,2]
        }
        return new Placed(heads, truth);
    }

    /** Consecutive views of a flat tensor. */
    private static final class Parts {
        private final Tensor all;
        private long at;

        Parts(Tensor all) {
            this.all = all;
        }

        Tensor next(long count) {
            at += count;
            return all.narrow(0, at - count, count);
        }
    }

    @Override
    public void close() {
        floats.close();
        longs.close();
    }
}
