package yolompi.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import yolompi.model.YoloHead.Anchor;

/**
 * Which predictor answers for which true box (YOLOv3, section 2.1): of all anchors of all heads the one whose shape fits best, in the cell
 * that holds the box's centre; and, if wanted, every other anchor that fits well (YOLOv4's {@code iou_thresh}). Where two boxes want the
 * same predictor, the later one has it.
 */
public final class Targets {
    private static final int BOX_VALUES = 6;

    private final List<HeadTargets> heads;
    private final float[] truth;
    private final int truthsPerImage;

    /**
     * The predictors of one head that answer for a box.
     *
     * @param cells {@code [P]}: index into the head's values in the order image, anchor, row, column
     * @param boxes {@code [P,4]}: centre x, centre y, width, height of the true box, input pixels
     * @param anchors {@code [P,2]}: width and height of the predictor's anchor, input pixels
     * @param classes {@code [P]}
     */
    public record HeadTargets(long[] cells, float[] boxes, float[] anchors, long[] classes) {
        public int count() {
            return cells.length;
        }
    }

    private record Assignment(float[] box, Anchor anchor, int classId) {}

    private Targets(List<HeadTargets> heads, float[] truth, int truthsPerImage) {
        this.heads = heads;
        this.truth = truth;
        this.truthsPerImage = truthsPerImage;
    }

    /**
     * Assigns the boxes of a batch.
     *
     * @param boxes {@code [M,6]}: image, class, centre x, centre y, width, height in input pixels
     * @param images images of the batch
     * @param size edge of the input, pixels
     * @param anchorIou anchors whose shape overlaps the box by more answer for it too; 1: the best alone
     */
    public static Targets assign(List<YoloHead> heads, float[] boxes, int images, int size, double anchorIou) {
        List<Map<Long, Assignment>> chosen = heads.stream()
                .<Map<Long, Assignment>>map(head -> new TreeMap<>())
                .toList();
        int[] perImage = new int[images];
        for (int row = 0; row < boxes.length; row += BOX_VALUES) {
            perImage[(int) boxes[row]]++;
            choose(heads, chosen, boxes, row, size, anchorIou);
        }
        int most = Arrays.stream(perImage).max().orElse(0);
        return new Targets(
                chosen.stream().map(Targets::arrays).toList(),
                padded(boxes, images, Math.max(1, most)),
                Math.max(1, most));
    }

    /** The assignments of each head, in the order of the heads. */
    public List<HeadTargets> heads() {
        return heads;
    }

    /** Number of assigned predictors over all heads. */
    public int count() {
        return heads.stream().mapToInt(HeadTargets::count).sum();
    }

    /** All true boxes, {@code [N, truthsPerImage, 4]}: x1, y1, x2, y2 in input pixels; empty boxes fill the rest. */
    public float[] truth() {
        return truth;
    }

    /** The most boxes any image of the batch has, at least 1. */
    public int truthsPerImage() {
        return truthsPerImage;
    }

    private static void choose(
            List<YoloHead> heads,
            List<Map<Long, Assignment>> chosen,
            float[] boxes,
            int row,
            int size,
            double anchorIou) {
        float width = boxes[row + 4];
        float height = boxes[row + 5];
        double best = heads.stream()
                .flatMap(head -> head.anchors().stream())
                .mapToDouble(anchor -> anchor.iou(width, height))
                .max()
                .orElse(0);
        boolean bestChosen = false; // of several that fit equally well, the first
        for (int h = 0; h < heads.size(); h++) {
            List<Anchor> anchors = heads.get(h).anchors();
            for (int a = 0; a < anchors.size(); a++) {
                double iou = anchors.get(a).iou(width, height);
                boolean isBest = iou == best && !bestChosen;
                if (isBest || iou > anchorIou) {
                    put(heads.get(h), chosen.get(h), a, boxes, row, size);
                }
                bestChosen |= isBest;
            }
        }
    }

    private static void put(YoloHead head, Map<Long, Assignment> chosen, int anchor, float[] boxes, int row, int size) {
        int cells = head.cells(size);
        long column = Math.min(cells - 1, (long) (boxes[row + 2] / head.stride()));
        long line = Math.min(cells - 1, (long) (boxes[row + 3] / head.stride()));
        long cell = (((long) boxes[row]) * head.anchors().size() + anchor) * cells * cells + line * cells + column;
        float[] box = {boxes[row + 2], boxes[row + 3], boxes[row + 4], boxes[row + 5]};
        chosen.put(cell, new Assignment(box, head.anchors().get(anchor), (int) boxes[row + 1]));
    }

    private static HeadTargets arrays(Map<Long, Assignment> chosen) {
        int count = chosen.size();
        HeadTargets arrays =
                new HeadTargets(new long[count], new float[4 * count], new float[2 * count], new long[count]);
        int i = 0;
        for (var entry : chosen.entrySet()) {
            Assignment assignment = entry.getValue();
            arrays.cells()[i] = entry.getKey();
            System.arraycopy(assignment.box(), 0, arrays.boxes(), 4 * i, 4);
            arrays.anchors()[2 * i] = assignment.anchor().width();
            arrays.anchors()[2 * i + 1] = assignment.anchor().height();
            arrays.classes()[i] = assignment.classId();
            i++;
        }
        return arrays;
    }

    private static float[] padded(float[] boxes, int images, int perImage) {
        float[] truth = new float[images * perImage * 4];
        int[] filled = new int[images];
        for (int row = 0; row < boxes.length; row += BOX_VALUES) {
            int image = (int) boxes[row];
            int at = 4 * (image * perImage + filled[image]++);
            truth[at] = boxes[row + 2] - boxes[row + 4] / 2;
            truth[at + 1] = boxes[row + 3] - boxes[row + 5] / 2;
            truth[at + 2] = boxes[row + 2] + boxes[row + 4] / 2;
            truth[at + 3] = boxes[row + 3] + boxes[row + 5] / 2;
        }
        return truth;
    }
}
