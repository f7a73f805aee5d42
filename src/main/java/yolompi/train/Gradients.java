package yolompi.train;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.torch.Operator;
import yolompi.torch.Tensors;

/** The gradients of all parameters of a network, as one. */
final class Gradients {
    private final List<Tensor> parameters;
    private final Operator zero = Operator.named("aten::_foreach_zero_", "");
    private final Operator scale = Operator.named("aten::_foreach_mul_", "Tensor");
    private final Operator norms = Operator.named("aten::_foreach_norm", "Scalar");
    /** Notes infinities and NaN while it multiplies by its last argument. */
    private final Operator unscale = Operator.named("aten::_amp_foreach_non_finite_check_and_unscale_", "");

    /** Gives every parameter a gradient of zero, so that those which no head depends on have one too. */
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

    /** Divides all by the loss scale; returns float32 {@code [1]} on the device, 0 where all are numbers. */
    Tensor unscale(double lossScale) {
        Tensor any = parameters.get(0);
        Tensor found = any.new_zeros(1).detach();
        Tensor inverse = any.new_zeros(1).detach().fill_(new Scalar(1 / lossScale));
        unscale.call(tensors(), found, inverse);
        return found;
    }

    /** Scales all down so that the norm of all together is at most {@code largest} (Pascanu et al., 2013); the host does not wait for it. */
    void clip(double largest) {
        List<Tensor> gradients = tensors();
        Tensor total = torch.stack(Tensors.vector(norms.tensors(gradients, 2.0, Operator.NONE)), 0)
                .norm();
        Tensor factor = total.reciprocal().mul(new Scalar(largest)).clamp_max(new Scalar(1));
        scale.call(gradients, factor);
    }
}
