package yolompi.train.setup;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.data.sampler.RankShare;
import yolompi.data.shard.ShardSet;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.model.LayerSpec;
import yolompi.recipe.IntegerRanges;
import yolompi.recipe.ModelRecipe;
import yolompi.recipe.Recipe;

/**
 * Checks that a recipe, its network and the ranks fit together. Each check throws an
 * {@link InputException} if they don't.
 */
final class SetupChecks {
    private SetupChecks() {}

    static void replicas(Recipe recipe, World world) {
        if (recipe.dist().replicas() > 1 && world.size() > 1) {
            throw new InputException(
                    ("dist.replicas = %d: found %d ranks, expected one rank when it has several devices;"
                                    + " set it to 1: one rank per device is faster")
                            .formatted(recipe.dist().replicas(), world.size()));
        }
        if (recipe.dist().replicas() > 1 && recipe.model().syncBatchNorm()) {
            throw new InputException(
                    ("model.sync_batch_norm = true: found dist.replicas = %d, and replicas do not share batch"
                                    + " statistics; start one rank per device instead, or set it to false")
                            .formatted(recipe.dist().replicas()));
        }
    }

    /** Without any box, the network could only learn that there are no objects. */
    static void boxes(Recipe recipe, ShardSet train) {
        if (IntStream.range(0, train.size())
                .allMatch(index -> train.boxes(index).isEmpty())) {
            throw new InputException(
                    "data.train = %s: none of its %d images has a box; pack them with their annotations"
                            .formatted(recipe.data().train(), train.size()));
        }
    }

    static void size(Recipe recipe, Architecture architecture) {
        int stride = architecture.largestStride();
        Stream.concat(Stream.of(recipe.data().size()), recipe.data().sizes().stream())
                .filter(size -> size % stride != 0)
                .findFirst()
                .ifPresent(size -> {
                    throw new InputException(
                            "data.size, data.sizes: found %d, expected multiples of %d, the largest stride of %s"
                                    .formatted(size, stride, architecture.source()));
                });
    }

    static void scaleBalance(Recipe recipe, Architecture architecture) {
        List<Double> balance = recipe.loss().scaleBalance();
        int heads = architecture.heads().size();
        if (!balance.isEmpty() && balance.size() != heads) {
            throw new InputException(
                    "loss.scale_balance = %s: found %d factors, expected %d, one per head of %s; or [] for all 1"
                            .formatted(balance, balance.size(), heads, architecture.source()));
        }
    }

    /**
     * Training would wait for gradients that never arrive. An unused layer is usually a mistake in
     * the file.
     */
    static void unusedLayers(Recipe recipe, Architecture architecture) {
        List<Integer> unused = architecture.unusedConvolutions();
        if (!unused.isEmpty() && !recipe.dist().findUnusedParameters()) {
            throw new InputException(("%s: no [yolo] depends on the convolutions in layers %s; fix the file,"
                            + " or set dist.find_unused_parameters = true")
                    .formatted(architecture.source(), IntegerRanges.describe(unused)));
        }
    }

    /**
     * The variance of one value is undefined: the running variance would become NaN although the
     * loss stays finite.
     */
    static void batchNorms(Architecture architecture, TrainingPlan plan, Freezing freezing) {
        RankShare share = plan.share();
        ModelRecipe recipe = plan.recipe().model();
        int images = recipe.syncBatchNorm() ? share.smallestPiece() : share.smallest();
        if (images > 1 || recipe.frozenBatchNorm()) {
            return;
        }
        int edge = plan.sizes().smallest();
        List<LayerSpec> layers = architecture.layers();
        for (int i = 0; i < layers.size(); i++) {
            boolean norms = layers.get(i) instanceof LayerSpec.Convolution convolution && convolution.batchNorm();
            if (norms && layers.get(i).totalStride() == edge && !freezing.isForGood(i)) {
                throw new InputException(
                        ("layer %d of %s: its batch norm would see one image at a time on a 1 × 1 grid (%d pixels,"
                                        + " stride %d), and the variance of one value is undefined; raise data.size or"
                                        + " the smallest of data.sizes, compute at least 2 images at once on each rank"
                                        + " (train.batch, train.micro_batch), or set model.frozen_batch_norm = true")
                                .formatted(i, architecture.source(), edge, edge));
            }
        }
    }
}
