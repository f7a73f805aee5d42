package yolompi.model.loss;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import yolompi.model.YoloHead;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.LossRecipe.BoxTerm;

/**
 * An independent YOLOv3 loss, predictor by predictor in double precision. Its terms and the
 * assignment follow the YOLOv3 paper, the IoU losses the GIoU and Distance-IoU papers, the weights
 * of easy examples the focal loss paper. It uses no main code except the records that describe
 * heads.
 */
final class ReferenceYoloLoss {
    private final List<YoloHead> heads;
    private final LossRecipe recipe;
    private final float[] boxes; // rows of image, class, center x, center y, width, height
    private final int images;
    private final int size;
    private final Map<List<Integer>, Integer> owners = new HashMap<>(); // predictor → row of its box

    /**
     * Sums over all predictors, not yet divided. {@code ignored} counts the predictors without
     * objectness loss.
     */
    record Sums(double box, double object, double classes, int ignored) {
        double total() {
            return box + object + classes;
        }

        Sums plus(Sums other) {
            return new Sums(box + other.box, object + other.object, classes + other.classes, ignored + other.ignored);
        }
    }

    ReferenceYoloLoss(List<YoloHead> heads, LossRecipe recipe, float[] boxes, int images, int size) {
        this.heads = heads;
        this.recipe = recipe;
        this.boxes = boxes;
        this.images = images;
        this.size = size;
        for (int row = 0; row < boxes.length / 6; row++) {
            assignToGoodOnes(row);
        }
        for (int row = 0; row < boxes.length / 6; row++) {
            assignToBest(row);
        }
    }

    int assigned() {
        return owners.size();
    }

    /**
     * The weighted sums of the three terms.
     *
     * @param raw for each head {@code [N, A*(5+C), G, G]}
     * @param constants values from which CIoU's trade-off is computed: {@code raw} itself, or for
     *     finite differences the point around which they are taken
     */
    Sums sums(List<double[]> raw, List<double[]> constants) {
        Sums all = new Sums(0, 0, 0, 0);
        for (int h = 0; h < heads.size(); h++) {
            for (int image = 0; image < images; image++) {
                all = all.plus(sums(raw, constants, h, image));
            }
        }
        return all;
    }

    /** The share of one head and image in the sums. */
    Sums sums(List<double[]> raw, List<double[]> constants, int h, int image) {
        Sums all = new Sums(0, 0, 0, 0);
        int grid = size / heads.get(h).stride();
        for (int anchor = 0; anchor < heads.get(h).anchors().size(); anchor++) {
            for (int y = 0; y < grid; y++) {
                for (int x = 0; x < grid; x++) {
                    double[] t = predictor(raw, h, image, anchor, y, x);
                    double[] fixed = predictor(constants, h, image, anchor, y, x);
                    all = all.plus(ofPredictor(h, image, anchor, y, x, t, fixed));
                }
            }
        }
        return all;
    }

    private Sums ofPredictor(int h, int image, int anchor, int y, int x, double[] t, double[] fixed) {
        double balance =
                recipe.scaleBalance().isEmpty() ? 1 : recipe.scaleBalance().get(h);
        Integer owner = owners.get(key(h, image, anchor, y, x));
        if (owner != null) {
            return new Sums(
                    recipe.boxWeight() * boxTerm(h, anchor, x, y, t, fixed, owner),
                    balance * recipe.objectWeight() * entropy(t[4], 1, recipe.objectFocal()),
                    recipe.classWeight() * classTerm(t, owner),
                    0);
        }
        if (bestIou(image, decode(h, anchor, x, y, t)) > recipe.ignoreThreshold()) {
            return new Sums(0, 0, 0, 1);
        }
        return new Sums(0, balance * recipe.noObjectWeight() * entropy(t[4], 0, recipe.objectFocal()), 0, 0);
    }

    // Equal IoUs could differ in float; the boxes of the tests avoid ties.

    private void assignToGoodOnes(int row) {
        for (int h = 0; h < heads.size(); h++) {
            for (int anchor = 0; anchor < heads.get(h).anchors().size(); anchor++) {
                if (shapeIou(h, anchor, row) > recipe.anchorIou()) {
                    owners.put(keyOfCenter(h, anchor, row), row);
                }
            }
        }
    }

    private void assignToBest(int row) {
        double best = -1;
        List<Integer> bestKey = List.of();
        for (int h = 0; h < heads.size(); h++) {
            for (int anchor = 0; anchor < heads.get(h).anchors().size(); anchor++) {
                double overlap = shapeIou(h, anchor, row);
                if (overlap > best) {
                    best = overlap;
                    bestKey = keyOfCenter(h, anchor, row);
                }
            }
        }
        owners.put(bestKey, row);
    }

    private double shapeIou(int h, int anchor, int row) {
        YoloHead.Anchor shape = heads.get(h).anchors().get(anchor);
        return iou(
                new double[] {0, 0, boxes[6 * row + 4], boxes[6 * row + 5]}, // with a common corner
                new double[] {0, 0, shape.width(), shape.height()});
    }

    private List<Integer> keyOfCenter(int h, int anchor, int row) {
        int last = size / heads.get(h).stride() - 1;
        int x = Math.min(
                last, (int) Math.floor(boxes[6 * row + 2] / heads.get(h).stride()));
        int y = Math.min(
                last, (int) Math.floor(boxes[6 * row + 3] / heads.get(h).stride()));
        return key(h, (int) boxes[6 * row], anchor, y, x);
    }

    private double boxTerm(int h, int anchor, int x, int y, double[] t, double[] fixed, int row) {
        double centerX = boxes[6 * row + 2];
        double centerY = boxes[6 * row + 3];
        double width = boxes[6 * row + 4];
        double height = boxes[6 * row + 5];
        if (recipe.box() == BoxTerm.MSE) {
            YoloHead.Anchor shape = heads.get(h).anchors().get(anchor);
            double stride = heads.get(h).stride();
            return square(sigmoid(t[0]) - (centerX / stride - x))
                    + square(sigmoid(t[1]) - (centerY / stride - y))
                    + square(t[2] - Math.log(width / shape.width()))
                    + square(t[3] - Math.log(height / shape.height()));
        }
        double[] truth = {centerX - width / 2, centerY - height / 2, centerX + width / 2, centerY + height / 2};
        double[] box = decode(h, anchor, x, y, t);
        return switch (recipe.box()) {
            case IOU -> 1 - iou(box, truth);
            case GIOU -> 1 - giou(box, truth);
            case DIOU -> ciouLoss(box, truth, 0);
            default -> ciouLoss(box, truth, tradeOff(decode(h, anchor, x, y, fixed), truth));
        };
    }

    /** GIoU = IoU - |C \ (A ∪ B)| / |C|, where C is the enclosing box. */
    static double giou(double[] a, double[] b) {
        double hull = (Math.max(a[2], b[2]) - Math.min(a[0], b[0])) * (Math.max(a[3], b[3]) - Math.min(a[1], b[1]));
        double union = area(a) + area(b) - intersection(a, b);
        return iou(a, b) - (hull - union) / hull;
    }

    /** 1 - IoU + distance² / diagonal² + α v; DIoU's loss with α = 0. */
    static double ciouLoss(double[] a, double[] b, double alpha) {
        double distance = square((a[0] + a[2] - b[0] - b[2]) / 2) + square((a[1] + a[3] - b[1] - b[3]) / 2);
        double diagonal = square(Math.max(a[2], b[2]) - Math.min(a[0], b[0]))
                + square(Math.max(a[3], b[3]) - Math.min(a[1], b[1]));
        return 1 - iou(a, b) + distance / diagonal + alpha * aspect(a, b);
    }

    /** α = v / ((1 - IoU) + v); 0 for equal boxes, for which the paper's formula is undefined. */
    static double tradeOff(double[] a, double[] b) {
        double v = aspect(a, b);
        return v == 0 ? 0 : v / (1 - iou(a, b) + v);
    }

    private static double aspect(double[] a, double[] b) {
        double angle = Math.atan((b[2] - b[0]) / (b[3] - b[1])) - Math.atan((a[2] - a[0]) / (a[3] - a[1]));
        return 4 / square(Math.PI) * square(angle);
    }

    private double classTerm(double[] t, int row) {
        double sum = 0;
        for (int id = 0; id < t.length - 5; id++) {
            double hard = id == (int) boxes[6 * row + 1] ? 1 : 0;
            double target = hard * (1 - recipe.labelSmoothing()) + recipe.labelSmoothing() / 2;
            sum += entropy(t[5 + id], target, recipe.classFocal());
        }
        return sum;
    }

    /** α_t (1 - p_t)^γ CE. For targets between 0 and 1, p_t and α_t are interpolated linearly. */
    private double entropy(double logit, double target, double gamma) {
        double p = sigmoid(logit);
        double crossEntropy = -target * Math.log(p) - (1 - target) * Math.log(1 - p);
        if (gamma == 0) {
            return crossEntropy;
        }
        double alpha = recipe.focalAlpha();
        double alphaT = alpha == 0 ? 1 : target * alpha + (1 - target) * (1 - alpha);
        double pT = target * p + (1 - target) * (1 - p);
        return alphaT * Math.pow(1 - pT, gamma) * crossEntropy;
    }

    private double bestIou(int image, double[] box) {
        double best = 0;
        for (int row = 0; row < boxes.length / 6; row++) {
            if ((int) boxes[6 * row] == image) {
                double x = boxes[6 * row + 2];
                double y = boxes[6 * row + 3];
                double w = boxes[6 * row + 4] / 2.0;
                double h = boxes[6 * row + 5] / 2.0;
                best = Math.max(best, iou(box, new double[] {x - w, y - h, x + w, y + h}));
            }
        }
        return best;
    }

    /** bx = σ(tx) + cx, bw = pw · exp(tw), as corners in pixels. */
    private double[] decode(int h, int anchor, int x, int y, double[] t) {
        YoloHead head = heads.get(h);
        double centerX = (sigmoid(t[0]) + x) * head.stride();
        double centerY = (sigmoid(t[1]) + y) * head.stride();
        double width = head.anchors().get(anchor).width() * Math.exp(t[2]);
        double height = head.anchors().get(anchor).height() * Math.exp(t[3]);
        return new double[] {centerX - width / 2, centerY - height / 2, centerX + width / 2, centerY + height / 2};
    }

    private double[] predictor(List<double[]> raw, int h, int image, int anchor, int y, int x) {
        YoloHead head = heads.get(h);
        int grid = size / head.stride();
        double[] t = new double[5 + head.classes()];
        for (int i = 0; i < t.length; i++) {
            int channel = anchor * t.length + i;
            int channels = head.anchors().size() * t.length;
            t[i] = raw.get(h)[((image * channels + channel) * grid + y) * grid + x];
        }
        return t;
    }

    private static List<Integer> key(int head, int image, int anchor, int y, int x) {
        return List.of(head, image, anchor, y, x);
    }

    private static double iou(double[] a, double[] b) {
        double shared = intersection(a, b);
        return shared / (area(a) + area(b) - shared);
    }

    private static double intersection(double[] a, double[] b) {
        double width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
        double height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
        return width > 0 && height > 0 ? width * height : 0;
    }

    private static double area(double[] box) {
        return (box[2] - box[0]) * (box[3] - box[1]);
    }

    private static double square(double value) {
        return value * value;
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }
}
