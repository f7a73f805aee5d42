package yolompi.model.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;

/**
 * Assigns ground-truth boxes to predictors (YOLOv3, section 2.1). Each box goes to the anchor,
 * among all anchors of all heads, whose shape has the highest IoU with it, in the cell that
 * contains its center. With an IoU threshold it also goes to every other anchor above the threshold
 * (YOLOv4's {@code iou_thresh}).
 *
 * <p>If several boxes claim one predictor, a box whose best anchor it is comes first; among equals
 * the last box wins, as in Darknet. A center on the right or lower edge of the input, or outside,
 * belongs to the nearest cell. A box with zero area gets no target.
 */
public final class TargetAssignment {
    private static final int BOX_VALUES = 6;

    private final List<HeadTargets> heads;
    private final int[] groundTruthCount; // ground-truth boxes of each image
    private final float[] groundTruth;

    /**
     * The assigned predictors of one head.
     *
     * @param predictors {@code [P]}: index into the head's values in the order image, row, column,
     *     anchor; ascending
     * @param places {@code [P,2]}: column and row of the predictor's cell
     * @param boxes {@code [P,4]}: center x, center y, width, height of the ground-truth box, input
     *     pixels
     * @param anchors {@code [P,2]}: width and height of the predictor's anchor, input pixels
     * @param classes {@code [P]}
     */
    public record HeadTargets(long[] predictors, float[] places, float[] boxes, float[] anchors, long[] classes) {
        public int count() {
            return predictors.length;
        }
    }

    private TargetAssignment(List<HeadTargets> heads, int[] truths, float[] truth) {
        this.heads = heads;
        this.groundTruthCount = truths;
        this.groundTruth = truth;
    }

    /**
     * Assigns the boxes of a batch.
     *
     * @param boxes {@code [M,6]}: image, class, center x, center y, width, height in input pixels
     * @param images number of images in the batch
     * @param size edge of the input, pixels
     * @param anchorIou a box also goes to every anchor whose shape has a higher IoU with it; 1: to
     *     the best anchor only
     */
    public static TargetAssignment assign(List<YoloHead> heads, float[] boxes, int images, int size, double anchorIou) {
        int[] truths = new int[images];
        for (int row = 0; row < boxes.length; row += BOX_VALUES) {
            truths[(int) boxes[row]]++;
        }
        Chosen chosen = new Chosen(heads, boxes, size);
        chosen.goodAnchors(anchorIou);
        chosen.bestAnchors();
        return new TargetAssignment(chosen.arrays(), truths, padded(boxes, truths));
    }

    /** The assignments of each head, in the order of the heads. */
    public List<HeadTargets> heads() {
        return heads;
    }

    /** Number of assigned predictors in all heads. */
    public int count() {
        return heads.stream().mapToInt(HeadTargets::count).sum();
    }

    /** Number of images, N. */
    int images() {
        return groundTruthCount.length;
    }

    /** Number of ground-truth boxes of an image. */
    int groundTruthCount(int image) {
        return groundTruthCount[image];
    }

    /** The largest number of ground-truth boxes of an image, T. */
    int maxGroundTruthCount() {
        return most(groundTruthCount);
    }

    /**
     * All ground-truth boxes, {@code [N,T,4]}: x1, y1, x2, y2 in input pixels, padded with empty
     * boxes.
     */
    float[] groundTruth() {
        return groundTruth;
    }

    private static int most(int[] truths) {
        return Arrays.stream(truths).max().orElse(0);
    }

    private static float[] padded(float[] boxes, int[] truths) {
        int perImage = most(truths);
        float[] truth = new float[truths.length * perImage * 4];
        int[] filled = new int[truths.length];
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

    /**
     * The predictors assigned so far: for each head, the predictor and where its box starts in
     * {@code boxes}.
     */
    private record Chosen(List<YoloHead> heads, float[] boxes, int size, List<Map<Long, Integer>> rows) {
        Chosen(List<YoloHead> heads, float[] boxes, int size) {
            this(
                    heads,
                    boxes,
                    size,
                    heads.stream()
                            .<Map<Long, Integer>>map(head -> new TreeMap<>())
                            .toList());
        }

        void goodAnchors(double anchorIou) {
            for (int row = 0; row < boxes.length && anchorIou < 1; row += BOX_VALUES) {
                for (int h = 0; h < heads.size(); h++) {
                    for (int a = 0; a < heads.get(h).anchors().size(); a++) {
                        if (iou(h, a, row) > anchorIou) {
                            put(h, a, row);
                        }
                    }
                }
            }
        }

        /** Of equally good anchors, the first one is the best. */
        void bestAnchors() {
            for (int row = 0; row < boxes.length; row += BOX_VALUES) {
                float best = 0;
                int bestHead = 0;
                int bestAnchor = 0;
                for (int h = 0; h < heads.size(); h++) {
                    for (int a = 0; a < heads.get(h).anchors().size(); a++) {
                        float iou = iou(h, a, row);
                        if (iou > best) {
                            best = iou;
                            bestHead = h;
                            bestAnchor = a;
                        }
                    }
                }
                if (best > 0) {
                    put(bestHead, bestAnchor, row);
                }
            }
        }

        private float iou(int head, int anchor, int row) {
            return heads.get(head).anchors().get(anchor).iou(boxes[row + 4], boxes[row + 5]);
        }

        private void put(int h, int anchor, int row) {
            YoloHead head = heads.get(h);
            long cells = head.cells(size);
            long image = (long) boxes[row];
            long cell = (image * cells + cell(head, row + 3)) * cells + cell(head, row + 2);
            rows.get(h).put(cell * head.anchors().size() + anchor, row);
        }

        /** Column or row of the cell that contains a coordinate of a center. */
        private int cell(YoloHead head, int at) {
            int cell = (int) Math.floor(boxes[at] / head.stride());
            return Math.max(0, Math.min(head.cells(size) - 1, cell));
        }

        List<HeadTargets> arrays() {
            return IntStream.range(0, heads.size()).mapToObj(this::arrays).toList();
        }

        private HeadTargets arrays(int h) {
            YoloHead head = heads.get(h);
            int count = rows.get(h).size();
            HeadTargets arrays = new HeadTargets(
                    new long[count], new float[2 * count], new float[4 * count], new float[2 * count], new long[count]);
            int i = 0;
            for (Map.Entry<Long, Integer> entry : rows.get(h).entrySet()) {
                int row = entry.getValue();
                Anchor anchor = head.anchors()
                        .get((int) (entry.getKey() % head.anchors().size()));
                arrays.predictors[i] = entry.getKey();
                arrays.places[2 * i] = cell(head, row + 2);
                arrays.places[2 * i + 1] = cell(head, row + 3);
                System.arraycopy(boxes, row + 2, arrays.boxes, 4 * i, 4);
                arrays.anchors[2 * i] = anchor.width();
                arrays.anchors[2 * i + 1] = anchor.height();
                arrays.classes[i] = (long) boxes[row + 1];
                i++;
            }
            return arrays;
        }
    }
}
