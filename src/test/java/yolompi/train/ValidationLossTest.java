package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.model.YoloHead;
import yolompi.model.YoloHead.Anchor;
import yolompi.model.loss.TargetAssignment;
import yolompi.model.loss.TargetTensors;
import yolompi.model.loss.YoloLoss;
import yolompi.recipe.LossRecipe;
import yolompi.recipe.Recipes;
import yolompi.torch.LoadLibTorch;
import yolompi.train.Validation.ValidationLoss;
import yolompi.train.step.RandomBatches;

@ExtendWith(LoadLibTorch.class)
class ValidationLossTest {
    private static final int SIZE = 64;
    private static final List<YoloHead> HEADS = List.of(new YoloHead(List.of(new Anchor(28, 36)), 3, 32));
    private static final LossRecipe RECIPE = Recipes.with().loss();

    @Test
    void lossOfUnevenBatchesEqualsLossOfOneBatch() {
        List<Batch> batches = List.of(RandomBatches.of(1, 4, SIZE, 3), RandomBatches.of(5, 7, SIZE, 3));
        ValidationLoss loss = new ValidationLoss(HEADS, RECIPE);
        double sum = 0;
        int assigned = 0;
        for (Batch batch : batches) {
            List<Tensor> raw = List.of(torch.randn(batch.imageCount(), 8, 2, 2));
            loss.add(batch, raw);
            TargetAssignment targets =
                    TargetAssignment.assign(HEADS, batch.boxes(), batch.imageCount(), SIZE, RECIPE.anchorIou());
            double divisor = YoloLoss.divisor(targets.count(), batch.imageCount());
            sum += new YoloLoss(HEADS, RECIPE)
                            .compute(raw, TargetTensors.of(targets), divisor)
                            .total()
                            .item_double()
                    * divisor;
            assigned += targets.count();
        }

        try (Communicator alone = Communicator.alone()) {
            assertThat(loss.mean(alone)).isCloseTo(sum / YoloLoss.divisor(assigned, 5), within(1e-5));
        }
    }
}
