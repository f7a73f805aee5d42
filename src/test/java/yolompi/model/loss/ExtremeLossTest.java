package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.LossRecipe.BoxTerm;
import yolompi.recipe.Recipes;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/** Loss and gradients are finite for extreme boxes and logits. */
@ExtendWith(LoadLibTorch.class)
final class ExtremeLossTest {
    private static final int SIZE = 64;
    private static final YoloHead ONE_CLASS = new YoloHead(List.of(new Anchor(9, 12), new Anchor(373, 326)), 1, 16);

    /**
     * Image, class, center x, center y, width, height. Centers on edges, corners and outside, sizes
     * larger than the input and with zero area, many boxes in one cell; image 1 has no box.
     */
    private static final float[] BOXES = {
        0, 0, 64, 64, 10, 10,
        0, 0, 0, 0, 10, 10,
        0, 0, 32, 32, 900, 700,
        0, 0, -40, 30, 20, 20,
        0, 0, 30, 500, 20, 20,
        0, 0, 20, 20, 0, 0,
        0, 0, 40, 20, 0, 12,
        0, 0, 50, 50, 1e-3f, 60,
        2, 0, 5, 5, 9, 12,
        2, 0, 5, 6, 9, 11,
        2, 0, 6, 5, 8, 12,
        2, 0, 7, 7, 9, 12
    };

    static Stream<Arguments> cases() {
        return Stream.of(BoxTerm.values()).flatMap(term -> Stream.of(0.0, 0.5, 1.5)
                .flatMap(gamma -> Stream.of(0f, 1f, 50f).map(logit -> Arguments.of(term, gamma, logit))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossAndGradientsAreFinite(BoxTerm term, double gamma, float logit) {
        LossRecipe recipe = Recipes.with(
                        "loss.box=" + term.name().toLowerCase(Locale.ROOT),
                        "loss.object_focal=" + gamma,
                        "loss.class_focal=" + gamma,
                        "loss.anchor_iou=0.3")
                .loss();
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[3 * ONE_CLASS.channels() * 4 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextBoolean() ? logit : -logit;
        }
        Tensor raw = Tensors.ofFloats(values, 3, ONE_CLASS.channels(), 4, 4);
        raw.set_requires_grad(true);

        TargetAssignment targets = TargetAssignment.assign(List.of(ONE_CLASS), BOXES, 3, SIZE, recipe.anchorIou());
        YoloLoss.LossTerms terms =
                new YoloLoss(List.of(ONE_CLASS), recipe).compute(List.of(raw), TargetTensors.of(targets), 12);
        terms.total().backward();

        assertThat(terms.total().item_double()).isFinite().isPositive();
        for (float slope : Tensors.toFloats(raw.grad())) {
            assertThat(slope).isFinite();
        }
    }
}
