package yolompi.model.loss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.model.loss.TargetAssignment.HeadTargets;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

@ExtendWith(LoadLibTorch.class)
class TargetTensorsTest {
    private static final int SIZE = 64;
    private static final List<YoloHead> HEADS = List.of(
            new YoloHead(List.of(new Anchor(30, 60), new Anchor(60, 30)), 5, 32),
            new YoloHead(List.of(new Anchor(8, 8), new Anchor(16, 16)), 5, 16));

    @Test
    void tensorsHoldTheAssignedTargets() {
        float[] boxes = {
            0, 3, 40, 20, 50, 28, // for the first head
            2, 1, 12, 50, 9, 7,
            2, 2, 50, 33, 17, 15,
            1, 4, 20, 20, 12, 12,
            2, 4, 60, 60, 60, 31,
        };
        TargetAssignment targets = TargetAssignment.assign(HEADS, boxes, 4, SIZE, 1);
        Tensor near = Tensors.ofFloats(new float[1], 1);
        try (TargetTensors tensors = TargetTensors.of(targets)) {
            assertThat(tensors.count()).isEqualTo(5);
            TargetTensors.Placed placed = tensors.beside(near);
            for (int i = 0; i < HEADS.size(); i++) {
                HeadTargets expected = targets.heads().get(i);
                TargetTensors.Head head = placed.heads().get(i);
                assertThat(head.count()).isEqualTo(expected.count()).isPositive();
                assertThat(Tensors.toLongs(head.predictors())).containsExactly(expected.predictors());
                assertThat(Tensors.toLongs(head.classes())).containsExactly(expected.classes());
                assertThat(Tensors.toFloats(head.boxes())).containsExactly(expected.boxes());
                assertThat(Tensors.toFloats(head.anchors())).containsExactly(expected.anchors());
                assertThat(Tensors.toFloats(head.places())).containsExactly(expected.places());
                assertThat(head.boxes().size(1)).isEqualTo(4);
            }
            assertThat(Tensors.toFloats(placed.truth().boxes())).containsExactly(targets.groundTruth());
            assertThat(Tensors.toLongs(placed.truth().order())).containsExactly(2, 0, 1, 3);
            assertThat(Tensors.toLongs(placed.truth().inverse())).containsExactly(1, 2, 0, 3);
            assertThat(placed.truth().counts()).containsExactly(3, 1, 1, 0);
        }
    }

    @Test
    void batchWithoutBoxesHasEmptyTensors() {
        TargetTensors.Placed placed = TargetTensors.of(TargetAssignment.assign(HEADS, new float[0], 2, SIZE, 1))
                .beside(Tensors.ofFloats(new float[1], 1));
        assertThat(placed.heads()).allSatisfy(head -> {
            assertThat(head.count()).isZero();
            assertThat(head.boxes().numel()).isZero();
        });
        assertThat(placed.truth().boxes().numel()).isZero();
        assertThat(placed.truth().counts()).containsExactly(0, 0);
    }
}
