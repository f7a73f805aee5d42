package yolompi.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import yolompi.data.Batch;
import yolompi.data.augment.Augmenter;
import yolompi.data.loader.BatchLoader;
import yolompi.data.loader.BatchLoader.StepRange;
import yolompi.data.sampler.EvalPlan;
import yolompi.data.shard.ShardSet;
import yolompi.detect.Detection;
import yolompi.detect.Detector;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.distributed.world.World;
import yolompi.eval.metric.ImageResult;

/** Runs a detector on a whole shard set. Each rank processes its own images, each image once. */
public final class Evaluator {
    private final ShardSet shards;
    private final int size;
    private final BatchLoader.Settings settings;
    private final int batch;
    private final Communicator ranks;

    /**
     * Creates an evaluator.
     *
     * @param size edge of the network's input, pixels
     * @param batch maximum number of images per batch of a rank
     */
    public Evaluator(ShardSet shards, int size, BatchLoader.Settings settings, int batch, Communicator ranks) {
        this.shards = shards;
        this.size = size;
        this.settings = settings;
        this.batch = batch;
        this.ranks = ranks;
    }

    /**
     * Evaluates all images; collective. Only rank 0 gets the results: all images in order, with
     * boxes in pixels of the upright original images.
     */
    public Optional<List<ImageResult>> run(Detector detector) {
        return run(batch -> detector.detect(batch.images(), batch.imageCount(), batch.size()));
    }

    /**
     * Evaluates all images with any detector; collective. Only rank 0 gets the results.
     *
     * @param detector returns the detections of each image of a batch, best first, in pixels of the
     *     square input
     */
    public Optional<List<ImageResult>> run(Function<Batch, List<List<Detection>>> detector) {
        List<byte[]> parts = ranks.allGather(ImageResult.encode(ownPart(detector)));
        return ranks.world().isRankZero()
                ? Optional.of(parts.stream()
                        .flatMap(part -> ImageResult.decode(part).stream())
                        .toList())
                : Optional.empty();
    }

    private List<ImageResult> ownPart(Function<Batch, List<List<Detection>>> detector) {
        World world = ranks.world();
        EvalPlan plan = new EvalPlan(shards.size(), batch, world.rank(), world.size());
        List<ImageResult> results = new ArrayList<>();
        try (BatchLoader loader =
                BatchLoader.start(shards, Augmenter.letterbox(), StepRange.of(plan, size), settings)) {
            while (loader.hasNext()) {
                ranks.status().enter(Activity.EVALUATING);
                for (Batch batch : loader.next().batches()) {
                    results.addAll(detect(detector, batch));
                }
            }
        }
        return results;
    }

    private List<ImageResult> detect(Function<Batch, List<List<Detection>>> detector, Batch batch) {
        List<List<Detection>> found = detector.apply(batch);
        List<ImageResult> results = new ArrayList<>();
        for (int i = 0; i < batch.imageCount(); i++) {
            int image = batch.samples().get(i).index();
            List<Detection> inImage =
                    Detection.inImage(found.get(i), shards.width(image), shards.height(image), batch.size());
            results.add(new ImageResult(image, shards.boxes(image), inImage));
        }
        return results;
    }
}
