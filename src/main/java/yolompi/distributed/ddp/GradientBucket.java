package yolompi.distributed.ddp;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.recipe.DistRecipe.Compression;

/**
 * Bucket of gradients that are all-reduced together: the gradients are views of one flat tensor.
 */
final class GradientBucket {
    private final ProcessGroup group;
    private final int parameters;
    private final Tensor flat; // float32 [all elements]
    private final Optional<Tensor> rounded; // 16-bit copy for the transfer
    private int filled;
    private ProcessGroup.Pending pending = () -> {};

    GradientBucket(ProcessGroup group, List<Tensor> parameters, Compression compression) {
        this.group = group;
        this.parameters = parameters.size();
        long elements = parameters.stream().mapToLong(Tensor::numel).sum();
        this.flat = torch.zeros(elements).to(parameters.get(0).device(), ScalarType.Float);
        this.rounded = type(compression).map(flat::to);
        long offset = 0;
        for (Tensor parameter : parameters) {
            // In the parameter's own layout: backward creates the gradient in it.
            parameter
                    .mutable_grad()
                    .put(flat.as_strided(
                            parameter.sizes(), parameter.strides(), new org.bytedeco.pytorch.LongOptional(offset)));
            offset += parameter.numel();
        }
    }

    private static Optional<ScalarType> type(Compression compression) {
        return switch (compression) {
            case NONE -> Optional.empty();
            case FP16 -> Optional.of(ScalarType.Half);
            case BF16 -> Optional.of(ScalarType.BFloat16);
        };
    }

    void empty() {
        filled = 0;
    }

    void countGradient() {
        filled++;
    }

    boolean isFull() {
        return filled == parameters;
    }

    /**
     * Starts the all-reduce. Divides first, because the sum over many ranks could overflow float16.
     */
    void send() {
        flat.div_(new Scalar(group.world().size()));
        rounded.ifPresent(way -> way.copy_(flat));
        pending = group.allReduceSum(rounded.orElse(flat));
    }

    /** Waits for the all-reduce. The gradients are then the means over all ranks. */
    void receive() {
        pending.await();
        rounded.ifPresent(flat::copy_);
    }
}
