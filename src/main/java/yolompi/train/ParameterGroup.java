package yolompi.train;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.model.Parameter;

/** Parameters that share a weight decay, and one tensor of optimizer state for each of them and each kind of state. */
record ParameterGroup(List<Parameter> parameters, double weightDecay) {
    /** Kernels decay, biases and batch norms do not. */
    static List<ParameterGroup> split(List<Parameter> parameters, double weightDecay) {
        return Stream.of(
                        new ParameterGroup(
                                parameters.stream().filter(Parameter::decays).toList(), weightDecay),
                        new ParameterGroup(
                                parameters.stream().filter(p -> !p.decays()).toList(), 0))
                .filter(group -> !group.parameters().isEmpty())
                .toList();
    }

    List<Tensor> tensors() {
        return parameters.stream().map(Parameter::tensor).toList();
    }

    List<Tensor> gradients() {
        return parameters.stream().map(parameter -> parameter.tensor().grad()).toList();
    }

    /** Zeros in the shape and layout of each parameter, named {@code kind/parameter}. */
    List<Parameter> zeroState(String kind) {
        Function<Parameter, Parameter> zeros = parameter -> new Parameter(
                kind + "/" + parameter.name(),
                torch.zeros_like(parameter.tensor()).detach(),
                false);
        return parameters.stream().map(zeros).toList();
    }
}
