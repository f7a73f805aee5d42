package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.data.Batch;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.Recipes;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;
import yolompi.train.step.RandomBatches;

/** Compares the loss and its gradients with {@link ReferenceYoloLoss}. */
@ExtendWith(LoadLibTorch.class)
final class YoloLossTest {
    private static final int SIZE = 64;
    private static final int CLASSES = 3;
    private static final List<YoloHead> HEADS = List.of(
            new YoloHead(List.of(new Anchor(28, 36), new Anchor(40, 26)), CLASSES, 32),
            new YoloHead(List.of(new Anchor(9, 12), new Anchor(15, 10)), CLASSES, 16));
    private static final int IMAGES = 3;

    /**
     * Image 1 has no box; one center lies on the right edge; two boxes of image 2 claim the same
     * predictor; some predictions overlap a box enough to be ignored.
     */
    private static final float[] BOXES = {
        0, 1, 20.5f, 41.25f, 30, 33,
        0, 2, 50, 10, 10, 11,
        0, 0, 64, 22, 12, 14,
        2, 0, 37, 37.5f, 14, 9.5f,
        2, 1, 38, 36, 15, 11,
        2, 2, 33, 30, 44, 25
    };

    private static final double DIVISOR = 5;

    /** Each variant of the box, class and objectness term, alone and combined. */
    private static final List<String> RECIPES = List.of(
            "",
            "loss.box=mse",
            "loss.box=iou",
            "loss.box=giou",
            "loss.box=diou",
            "loss.object_focal=1.5",
            "loss.object_focal=0.5 loss.focal_alpha=0",
            "loss.class_focal=2 loss.focal_alpha=0.7",
            "loss.label_smoothing=0.1",
            "loss.class_focal=1.5 loss.label_smoothing=0.2",
            "loss.scale_balance=[0.4,4.0]",
            "loss.box=mse loss.anchor_iou=0.5 loss.object_focal=2 loss.class_focal=1 loss.scale_balance=[3.0,0.5]",
            "loss.box=giou loss.anchor_iou=0.5 loss.object_focal=1 loss.scale_balance=[0.0,1.0]",
            "loss.anchor_iou=0.5 loss.object_focal=1 loss.class_focal=0.5 loss.label_smoothing=0.1 loss.scale_balance=[2.0,1.0]");

    static List<String> recipes() {
        return RECIPES;
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void everyTermEqualsTheReferenceLoss(String changes) {
        LossRecipe recipe = recipe(changes);
        List<float[]> raw = rawHeads(IMAGES, 5);
        ReferenceYoloLoss plain = new ReferenceYoloLoss(HEADS, recipe, BOXES, IMAGES, SIZE);

        YoloLoss.LossTerms terms = compute(recipe, BOXES, IMAGES, tensors(raw), DIVISOR);

        ReferenceYoloLoss.Sums expected = plain.sums(doubles(raw), doubles(raw));
        assertThat(expected.ignored()).isPositive();
        assertThat(plain.assigned()).isEqualTo(targets(recipe, BOXES, IMAGES).count());
        assertThat(plain.assigned()).matches(count -> recipe.anchorIou() == 1 ? count == 5 : count > 5);
        Percentage close = Percentage.withPercentage(0.001);
        assertThat(terms.box().item_double()).isCloseTo(expected.box() / DIVISOR, close);
        assertThat(terms.objectness().item_double()).isCloseTo(expected.object() / DIVISOR, close);
        assertThat(terms.classification().item_double()).isCloseTo(expected.classes() / DIVISOR, close);
        assertThat(terms.total().item_double()).isCloseTo(expected.total() / DIVISOR, close);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void gradientsEqualTheReferenceLoss(String changes) {
        LossRecipe recipe = recipe(changes);
        List<float[]> raw = rawHeads(IMAGES, 5);
        List<Tensor> heads = tensors(raw);
        heads.forEach(head -> head.set_requires_grad(true));

        compute(recipe, BOXES, IMAGES, heads, DIVISOR).total().backward();

        ReferenceYoloLoss plain = new ReferenceYoloLoss(HEADS, recipe, BOXES, IMAGES, SIZE);
        List<double[]> exact = doubles(raw);
        List<String> wrong = new ArrayList<>();
        for (int h = 0; h < HEADS.size(); h++) {
            float[] gradient = Tensors.toFloats(heads.get(h).grad());
            assertThat(gradient).hasSameSizeAs(raw.get(h));
            for (int i = 0; i < gradient.length; i++) {
                double difference = slope(plain, exact, h, i) / DIVISOR;
                if (!(Math.abs(gradient[i] - difference) <= 1e-6 + 2e-5 * Math.abs(difference))) {
                    wrong.add("head %d, value %d: %s, expected %s".formatted(h, i, gradient[i], difference));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void batchWithoutBoxesHasOnlyObjectnessLoss() {
        LossRecipe recipe = recipe("");
        List<float[]> raw = rawHeads(2, 8);
        float[] none = {};

        YoloLoss.LossTerms terms = compute(recipe, none, 2, tensors(raw), YoloLoss.divisor(0, 2));

        ReferenceYoloLoss.Sums expected =
                new ReferenceYoloLoss(HEADS, recipe, none, 2, SIZE).sums(doubles(raw), doubles(raw));
        assertThat(expected.ignored()).isZero();
        assertThat(terms.box().item_double()).isZero();
        assertThat(terms.classification().item_double()).isZero();
        assertThat(terms.total().item_double()).isCloseTo(expected.object() / 2, Percentage.withPercentage(0.001));
    }

    @Test
    void divisorIsTheLargerOfTargetsAndImages() {
        assertThat(YoloLoss.divisor(12, 8)).isEqualTo(12);
        assertThat(YoloLoss.divisor(3, 8)).isEqualTo(8);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void lossOfABatchIsTheSumOfItsHalves(String changes) {
        LossRecipe recipe = recipe(changes);
        List<Tensor> raw = tensors(rawHeads(8, 3));
        Batch whole = RandomBatches.of(0, 8, SIZE, CLASSES);
        double divisor = YoloLoss.divisor(targets(recipe, whole.boxes(), 8).count(), 8);

        double together =
                compute(recipe, whole.boxes(), 8, raw, divisor).total().item_double();
        double apart = 0;
        for (int half = 0; half < 2; half++) {
            int from = 4 * half;
            List<Tensor> part =
                    raw.stream().map(head -> head.narrow(0, from, 4)).toList();
            float[] boxes = RandomBatches.of(from, from + 4, SIZE, CLASSES).boxes();
            apart += compute(recipe, boxes, 4, part, divisor).total().item_double();
        }

        assertThat(apart).isCloseTo(together, Percentage.withPercentage(0.001));
    }

    /**
     * Central difference. CIoU's trade-off is constant, because in the paper it has no gradient.
     */
    private static double slope(ReferenceYoloLoss plain, List<double[]> raw, int head, int index) {
        double width = 1e-5;
        int image = index / (raw.get(head).length / IMAGES);
        List<double[]> moved = raw.stream().map(double[]::clone).toList();
        moved.get(head)[index] = raw.get(head)[index] + width;
        double above = plain.sums(moved, raw, head, image).total();
        moved.get(head)[index] = raw.get(head)[index] - width;
        double below = plain.sums(moved, raw, head, image).total();
        return (above - below) / (2 * width);
    }

    private static YoloLoss.LossTerms compute(
            LossRecipe recipe, float[] boxes, int images, List<Tensor> raw, double divisor) {
        return new YoloLoss(HEADS, recipe).compute(raw, TargetTensors.of(targets(recipe, boxes, images)), divisor);
    }

    private static TargetAssignment targets(LossRecipe recipe, float[] boxes, int images) {
        return TargetAssignment.assign(HEADS, boxes, images, SIZE, recipe.anchorIou());
    }

    /**
     * Different weights for each term, so that a mix-up shows; {@code changes} are separated by
     * spaces.
     */
    private static LossRecipe recipe(String changes) {
        String weights = "loss.box_weight=1.5 loss.object_weight=1.25 loss.no_object_weight=0.5 loss.class_weight=0.75"
                + " loss.ignore_threshold=0.2 ";
        return Recipes.with((weights + changes).strip().split(" ", -1)).loss();
    }

    private static List<float[]> rawHeads(int images, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> raw = new ArrayList<>();
        for (YoloHead head : HEADS) {
            float[] values = new float[images * head.channels() * head.cells(SIZE) * head.cells(SIZE)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-0.6, 0.6);
            }
            raw.add(values);
        }
        return raw;
    }

    private static List<Tensor> tensors(List<float[]> raw) {
        List<Tensor> tensors = new ArrayList<>();
        for (int h = 0; h < HEADS.size(); h++) {
            YoloHead head = HEADS.get(h);
            int cells = head.cells(SIZE);
            int images = raw.get(h).length / (head.channels() * cells * cells);
            tensors.add(Tensors.ofFloats(raw.get(h), images, head.channels(), cells, cells));
        }
        return tensors;
    }

    private static List<double[]> doubles(List<float[]> raw) {
        List<double[]> doubles = new ArrayList<>();
        for (float[] values : raw) {
            double[] copy = new double[values.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = values[i];
            }
            doubles.add(copy);
        }
        return doubles;
    }
}
