package yolompi.train.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import yolompi.InputException;
import yolompi.data.sampler.RankShare;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.model.Architecture;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.train.setup.TrainingPlan;

/**
 * Finds the largest number of images that a rank can compute at once. It runs real steps with few
 * images, fits a line to their peak memory, solves it for the memory that the rank may use, and
 * tries the solution. The global batch does not change.
 *
 * @param plan with the recipe's own micro-batch
 * @param usableBytes memory that this rank may use in total
 * @param mostImages upper limit: the rank's part of the global batch
 */
public record AutoBatch(
        TrainingPlan plan,
        Architecture architecture,
        DeviceContext compute,
        MemoryMeter meter,
        long usableBytes,
        int mostImages) {
    private static final double MIB = 1 << 20;
    private static final int PROBES = 3;
    private static final String REMEDY =
            "start fewer ranks per host, lower data.size or data.prefetch_steps, or set model.precision = \"bf16\"";

    /** Growth of memory between the first and the last probe that is clearly above noise. */
    private static final double CLEAR_BYTES = 64 * MIB;

    /** The solution is not tried if the step would take longer. */
    private static final double MAX_TRIAL_SECONDS = 60;

    /**
     * A recipe whose micro-batch fits into memory.
     *
     * @param lines the result, for the log
     */
    public record Fitted(Recipe recipe, List<String> lines) {}

    /**
     * Result of one rank.
     *
     * @param images images at once, at most {@link #mostImages}
     * @param largest images at once that fit according to the line
     * @param usable bytes for the steps: what this rank may use, minus what it holds in addition to
     *     them
     * @param tried whether a step with this many images was run
     */
    record Found(int images, int largest, long usable, MemoryFit fit, List<Integer> probed, boolean tried) {}

    /**
     * Memory as a linear function of the number of images at once, fitted to measured points.
     *
     * @param fixedBytes memory without images; chosen so that no point lies above the line
     * @param imageBytes slope
     */
    record MemoryFit(double fixedBytes, double imageBytes) {
        /** Memory measured with this many images at once. */
        record Point(int images, long bytes) {}

        /**
         * Fits the slope with least squares.
         *
         * @param points at least one
         * @param leastImageBytes lower bound of the slope, used if there is only one point or noise
         *     hides the slope
         */
        static MemoryFit through(List<Point> points, double leastImageBytes) {
            double images = points.stream().mapToInt(Point::images).average().orElseThrow();
            double bytes = points.stream().mapToLong(Point::bytes).average().orElseThrow();
            double covariance = 0;
            double variance = 0;
            for (Point point : points) {
                covariance += (point.images() - images) * (point.bytes() - bytes);
                variance += (point.images() - images) * (point.images() - images);
            }
            double slope = variance == 0 ? leastImageBytes : Math.max(leastImageBytes, covariance / variance);
            double fixed = points.stream()
                    .mapToDouble(point -> point.bytes() - slope * point.images())
                    .max()
                    .orElseThrow();
            return new MemoryFit(fixed, slope);
        }

        double bytes(int images) {
            return fixedBytes + images * imageBytes;
        }

        /**
         * Returns the maximum number of images whose memory stays within a limit; 0 if not even one
         * does.
         */
        int images(double limitBytes) {
            return (int) Math.max(0, Math.floor((limitBytes - fixedBytes) / imageBytes));
        }
    }

    /** Cost of one step. */
    private record Trial(long peak, double seconds) {}

    /** Sets the micro-batch so that it fits into the memory of every rank; collective. */
    public static Fitted fit(Communicator ranks, TrainingPlan plan, Architecture architecture, DeviceContext device) {
        MemoryMeter meter = MemoryMeter.of(device);
        long usable = meter.usable(ranks, device);
        ImageHeap heap = ImageHeap.of(plan, device);
        int most = Math.min(plan.with(with(plan.recipe(), 0)).share().largest(), heap.images());
        AutoBatch own = new AutoBatch(plan, architecture, device, meter, usable, most);
        Agreement.on(ranks, () -> {
            heap.check(plan.share());
            return heap;
        });
        Found found = Agreement.on(ranks, own::find);
        int images = least(ranks, found.images());
        int onHeap = heap.images() / plan.recipe().dist().replicas();
        int largest = least(ranks, Math.min(found.largest(), onHeap));
        Recipe fitted = with(plan.recipe(), images);
        String bound = largest == onHeap ? " (limited by Java's heap, -Xmx)" : "";
        return new Fitted(fitted, own.describe(found, plan.with(fitted), images, largest, bound));
    }

    private static int least(Communicator ranks, int own) {
        return ranks.allGather(Integer.toString(own)).stream()
                .mapToInt(Integer::parseInt)
                .min()
                .orElseThrow();
    }

    private static Recipe with(Recipe recipe, int microBatch) {
        return RecipeFile.changed(recipe, "--auto-batch", "train.micro_batch=" + microBatch);
    }

    /**
     * Measures on this rank only.
     *
     * @throws InputException if not even one image fits
     */
    Found find() {
        try (MemoryProbe steps = new MemoryProbe(plan.recipe(), architecture, compute)) {
            long usable = usableBytes - reservedBytes(steps);
            attempt(steps, 1); // one-time costs: libraries, threads, gradients
            List<MemoryFit.Point> points = new ArrayList<>();
            double seconds = 0;
            for (int images = 1; isWorthProbing(points, images, usable); images = Math.min(2 * images, mostImages)) {
                Optional<Trial> trial = attempt(steps, images);
                if (trial.isEmpty()) {
                    break;
                }
                seconds = trial.get().seconds() / images;
                points.add(new MemoryFit.Point(images, trial.get().peak()));
            }
            if (points.isEmpty()) {
                throw new InputException("--auto-batch: not enough memory for one image per rank; " + REMEDY);
            }
            return solve(steps, points, usable, seconds);
        } finally {
            meter.resetPeak();
        }
    }

    /**
     * Memory that the run holds in addition to the steps: prefetched images (counted twice, because
     * Java's garbage collection lags), and a copy of the checkpoint.
     */
    private long reservedBytes(MemoryProbe steps) {
        if (!meter.isHost()) {
            return 0;
        }
        RankShare share = plan.share();
        long ahead = 2 * ImageHeap.of(plan, compute).kept(share);
        boolean copies = plan.recipe().checkpoint().background() && share.rank() == 0;
        return ahead + (copies ? steps.stateBytes() : 0);
    }

    private boolean isWorthProbing(List<MemoryFit.Point> points, int images, long usable) {
        if (points.isEmpty()) {
            return true;
        }
        MemoryFit.Point first = points.get(0);
        MemoryFit.Point last = points.get(points.size() - 1);
        boolean known = points.size() >= PROBES && last.bytes() - first.bytes() > CLEAR_BYTES;
        return last.images() < mostImages && !known && line(points).bytes(images) <= usable;
    }

    /**
     * Fits the line to the measured points. A single point does not tell the cost of an image, so
     * the estimate is used instead.
     */
    private MemoryFit line(List<MemoryFit.Point> points) {
        return MemoryFit.through(points, points.size() == 1 ? estimatedImageBytes() : leastImageBytes());
    }

    private double estimatedImageBytes() {
        return TrainingMemory.of(plan.recipe(), architecture, 1, compute.bytesPerValue())
                .activations();
    }

    /** The pixels only, as bytes and as floats. */
    private double leastImageBytes() {
        double size = plan.sizes().largest();
        return 3 * size * size * (1 + Float.BYTES) * plan.recipe().dist().replicas();
    }

    private Found solve(MemoryProbe steps, List<MemoryFit.Point> points, long usable, double secondsPerImage) {
        List<Integer> probed = points.stream().map(MemoryFit.Point::images).toList();
        while (true) {
            MemoryFit fit = line(points);
            int largest = fit.images((double) usable);
            int images = Math.min(largest, mostImages);
            if (images < 1) {
                throw new InputException(
                        "--auto-batch: one image per rank needs about %,.0f MiB, but only %,.0f MiB are available; %s"
                                .formatted(fit.bytes(1) / MIB, usable / MIB, REMEDY));
            }
            boolean probedIt = points.stream().anyMatch(point -> point.images() >= images);
            boolean tooLong = images * secondsPerImage > MAX_TRIAL_SECONDS;
            if (probedIt || tooLong) {
                return new Found(images, largest, usable, fit, probed, probedIt);
            }
            Optional<Long> peak = attempt(steps, images).map(Trial::peak);
            // Without enough memory the line was too low: raise it by a tenth.
            points.add(new MemoryFit.Point(
                    images, peak.orElse((long) (1.1 * Math.max((double) usable, fit.bytes(images))))));
        }
    }

    /** Runs a step; empty if the memory of the device, the host or Java's heap is insufficient. */
    private Optional<Trial> attempt(MemoryProbe steps, int images) {
        meter.resetPeak();
        try {
            double seconds = steps.run(images);
            return Optional.of(new Trial(meter.peak(), seconds));
        } catch (OutOfMemoryError e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            if (saysNoRoom(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Recognizes the messages of LibTorch's allocators, for GPUs and for hosts. */
    static boolean saysNoRoom(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("out of memory") || message.contains("can't allocate memory");
    }

    private List<String> describe(Found found, TrainingPlan fitted, int images, int largest, String bound) {
        Recipe recipe = fitted.recipe();
        int devices = plan.world().size() * recipe.dist().replicas();
        int pieces = fitted.share().pieces() / recipe.dist().replicas();
        boolean ownNorms = !recipe.model().frozenBatchNorm();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "auto-batch: %d images at once need about %,.0f MiB of the %,.0f MiB available on rank 0:"
                                + " %,.0f MiB + %.1f MiB per image, measured with %s%s",
                        images,
                        found.fit().bytes(images) / MIB,
                        found.usable() / MIB,
                        found.fit().fixedBytes() / MIB,
                        found.fit().imageBytes() / MIB,
                        found.probed().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                        found.tried() ? "; confirmed by a step" : ""),
                ("auto-batch: train.micro_batch = %d; the global batch stays at %d images, in %s per device%s;"
                                + " the largest batch without accumulation is about train.batch = %d%s")
                        .formatted(
                                images,
                                recipe.train().batch(),
                                pieces == 1 ? "1 micro-batch" : pieces + " micro-batches",
                                pieces > 1 && ownNorms ? " (batch norm sees one micro-batch at a time)" : "",
                                (long) largest * devices,
                                bound));
    }
}
