package yolompi.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activation functions, with Darknet's names (activations.h). */
public enum Activation {
    LINEAR,
    /** Leaky ReLU with slope 0.1. */
    LEAKY,
    RELU,
    RELU6,
    LOGISTIC,
    TANH,
    ELU,
    SELU,
    /** x · sigmoid(x). */
    SWISH,
    /** x · tanh(ln(1 + exp(x))). */
    MISH;

    /** Slope of {@link #LEAKY} for negative values. */
    public static final double LEAKY_SLOPE = 0.1;

    /** The activation with that name in a {@code .cfg}. */
    public static Optional<Activation> named(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.text().equals(name))
                .findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(Activation::text).collect(Collectors.joining(", "));
    }

    /** The name in a {@code .cfg}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the backward pass needs the input too. All other activations work in place. */
    boolean keepsInput() {
        return this == SWISH || this == MISH;
    }

    /**
     * Applies the activation to values of any shape, in place where the backward pass allows it.
     */
    public Tensor apply(Tensor values) {
        return switch (this) {
            case LINEAR -> values;
            case LEAKY -> torch.leaky_relu_(values, new Scalar(LEAKY_SLOPE));
            case RELU -> torch.relu_(values);
            case RELU6 -> torch.relu6_(values);
            case LOGISTIC -> torch.sigmoid_(values);
            case TANH -> torch.tanh_(values);
            case ELU -> torch.elu_(values);
            case SELU -> torch.selu_(values);
            case SWISH -> torch.silu(values);
            case MISH -> torch.mish(values);
        };
    }
}
