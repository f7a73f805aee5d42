package yolompi.distributed.ddp;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.recipe.DistRecipe;

/**
 * Gradient reducer over any {@link ProcessGroup}, with optional 16-bit compression. It overlaps
 * communication and computation as {@link LibTorchReducer} does.
 *
 * <p>Gradients are views of buckets. As the backward pass fills them, buckets are all-reduced in
 * the same order on all ranks. A parameter that the backward pass does not reach has a gradient of
 * zero.
 */
final class BucketReducer implements GradientReducer {
    private static final int NONE = -1;

    private final List<GradientBucket> buckets;
    private final int[] bucketOf;
    private final List<Tensor> parameters;
    private final List<VoidTensorHook> hooks = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>(); // hook handles, by parameter
    private boolean armed;

    /**
     * Parameter whose gradient is being added: its hook has been called, the next one's has not.
     */
    private int adding = NONE;

    private int nextToSend;

    /**
     * Assigns gradients to buckets; a bucket is all-reduced as one tensor.
     *
     * @param buckets indices of parameters, in the order of the backward pass: the last parameters
     *     first
     * @param bucketOf the bucket of each parameter
     */
    record BucketPlan(List<List<Integer>> buckets, int[] bucketOf) {
        /**
         * Fills buckets up to a limit. A parameter above the limit gets its own bucket.
         *
         * @param sizes elements of each parameter, in the order of the forward pass
         * @param limit elements of a bucket
         */
        static BucketPlan of(List<Long> sizes, long limit) {
            List<List<Integer>> buckets = new ArrayList<>();
            int[] bucketOf = new int[sizes.size()];
            long free = 0;
            for (int parameter = sizes.size() - 1; parameter >= 0; parameter--) {
                if (buckets.isEmpty() || sizes.get(parameter) > free) {
                    buckets.add(new ArrayList<>());
                    free = limit;
                }
                bucketOf[parameter] = buckets.size() - 1;
                buckets.get(buckets.size() - 1).add(parameter);
                free -= sizes.get(parameter);
            }
            return new BucketPlan(buckets, bucketOf);
        }
    }

    BucketReducer(ProcessGroup group, List<Tensor> parameters, DistRecipe recipe) {
        this.parameters = List.copyOf(parameters);
        BucketPlan plan = BucketPlan.of(
                parameters.stream().map(Tensor::numel).toList(), (long) (recipe.bucketMib() * (1 << 20)) / Float.BYTES);
        this.buckets = plan.buckets().stream()
                .map(members -> new GradientBucket(
                        group, members.stream().map(parameters::get).toList(), recipe.compression()))
                .toList();
        this.bucketOf = plan.bucketOf();
        for (int i = 0; i < parameters.size(); i++) {
            VoidTensorHook hook = hook(i);
            hooks.add(hook); // LibTorch's reference does not keep it alive
            places.add(parameters.get(i).register_hook(hook));
        }
    }

    private VoidTensorHook hook(int parameter) {
        return new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                if (armed) {
                    reach(parameter);
                }
            }
        };
    }

    /**
     * Called before a parameter's gradient is added to its view; the previous parameter's gradient
     * is then complete.
     */
    private void reach(int parameter) {
        completeLast();
        adding = parameter;
        while (nextToSend < buckets.size() && buckets.get(nextToSend).isFull()) {
            send();
        }
    }

    private void completeLast() {
        if (adding != NONE) {
            buckets.get(bucketOf[adding]).countGradient();
            adding = NONE;
        }
    }

    private void send() {
        try (NoGradGuard constant = new NoGradGuard()) {
            buckets.get(nextToSend++).send();
        }
    }

    @Override
    public boolean learnsFromFirstPass() {
        return false;
    }

    @Override
    public void beforeForward() {}

    @Override
    public void beforeBackward(List<Tensor> outputs) {
        buckets.forEach(GradientBucket::empty);
        nextToSend = 0;
        adding = NONE;
        armed = true;
    }

    @Override
    public void afterBackward() {
        armed = false;
        completeLast();
        while (nextToSend < buckets.size()) {
            send();
        }
        try (NoGradGuard constant = new NoGradGuard()) {
            buckets.forEach(GradientBucket::receive);
        }
    }

    @Override
    public void close() {
        armed = false;
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).remove_hook(places.get(i)); // the parameter may outlive the hook
        }
    }
}
