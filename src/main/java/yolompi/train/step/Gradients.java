package yolompi.train.step;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.torch.Operator;
import yolompi.torch.Tensors;

/** Gradients of all parameters of a network, processed together. */
final class Gradients {
    private final List<Tensor> parameters;
    private final Operator zero = Operator.named("aten::_foreach_zero_", "");
    private final Operator scale = Operator.named("aten::_foreach_mul_", "Tensor");
    private final Operator norms = Operator.named("aten::_foreach_norm", "Scalar");
    /** Multiplies by its last argument, and detects infinities and NaN. */
    private final Operator unscale = Operator.named("aten::_amp_foreach_non_finite_check_and_unscale_", "");

    /** Gives every parameter a gradient of zero, including parameters that no head depends on. */
    Gradients(List<Tensor> parameters) {
        this.parameters = parameters;
        parameters.forEach(parameter -> parameter.mutable_grad().put(torch.zeros_like(parameter.detach())));
    }

    private List<Tensor> tensors() {
        return parameters.stream().map(Tensor::grad).toList();
    }

    void clear() {
        zero.call(tensors());
    }

    /**
     * Divides all gradients by the loss scale.
     *
     * @return float32 {@code [1]} on the device; 0 if all gradients are finite
     */
    Tensor unscale(double lossScale) {
        Tensor any = parameters.get(0);
        Tensor found = any.new_zeros(1).detach();
        Tensor inverse = any.new_zeros(1).detach().fill_(new Scalar(1 / lossScale));
        unscale.call(tensors(), found, inverse);
        return found;
    }

    /**
     * Scales all gradients down so that their global norm is at most {@code largest} (Pascanu et
     * al., 2013). The host does not wait for the result.
     */
    void clip(double largest) {
        List<Tensor> gradients = tensors();
        Tensor total = torch.stack(Tensors.vector(norms.tensors(gradients, 2.0, Operator.NONE)), 0)
                .norm();
        Tensor factor = total.reciprocal().mul(new Scalar(largest)).clamp_max(new Scalar(1));
        scale.call(gradients, factor);
    }
}
