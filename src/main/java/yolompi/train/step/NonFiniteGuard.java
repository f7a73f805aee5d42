package yolompi.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import yolompi.data.Batch;
import yolompi.data.SampleRef;
import yolompi.data.StepBatches;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.Agreement.AgreedException;
import yolompi.distributed.Communicator;

/**
 * Counts consecutive steps with non-finite values. If there are too many, it ends the training and
 * names the images.
 */
public final class NonFiniteGuard {
    private static final int MAX_IMAGES_NAMED = 16;

    private final int most;
    private final ShardSet shards;
    private final Communicator ranks;
    private final TrainStep trainStep;
    private int inARow;

    /**
     * Starts to count.
     *
     * @param most number of consecutive steps that ends the training
     * @param shards data set that the images of a step come from
     */
    public NonFiniteGuard(int most, ShardSet shards, Communicator ranks, TrainStep trainStep) {
        this.most = most;
        this.shards = shards;
        this.ranks = ranks;
        this.trainStep = trainStep;
    }

    /**
     * Records a step; collective.
     *
     * @throws AgreedException on all ranks, if the limit is reached
     */
    public void note(TrainStep.Result result, StepBatches loaded) {
        inARow = result.finite() ? 0 : inARow + 1;
        if (inARow >= most) {
            throw new AgreedException(("step %d: the loss or its gradients were not finite in %d steps in a row; %s;"
                            + " lower optimizer.learning_rate, raise schedule.warmup_epochs, or check these"
                            + " images")
                    .formatted(loaded.step() + 1, inARow, culprits(loaded)));
        }
    }

    /** Whether the weights may be unusable: in fp16 a single step overflows now and then. */
    public boolean areSeveral() {
        return inARow > 1;
    }

    /** Every rank computes its part again, without the other ranks. */
    private String culprits(StepBatches loaded) {
        List<String> images = new ArrayList<>();
        for (int piece : trainStep.notFinite(loaded.batches())) {
            images.addAll(names(loaded.batches().get(piece)));
        }
        String own = images.isEmpty()
                ? ""
                : "%s: images %s%s"
                        .formatted(
                                ranks.world().describe(),
                                images.stream().limit(MAX_IMAGES_NAMED).collect(Collectors.joining(", ")),
                                images.size() > MAX_IMAGES_NAMED ? ", …" : "");
        String all =
                ranks.allGather(own).stream().filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
        return all.isEmpty() ? "the part of each rank is finite, but their sum is not" : all;
    }

    private List<String> names(Batch batch) {
        return batch.samples().stream()
                .map(SampleRef::index)
                .map(shards::imageId)
                .toList();
    }
}
