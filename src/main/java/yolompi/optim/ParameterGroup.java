package yolompi.optim;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import yolompi.model.Parameter;
import yolompi.model.Parameter.Role;
import yolompi.optim.Schedule.StepHyperparameters;

/**
 * Parameters that share the learning rate and the weight decay, with one optimizer state tensor per
 * parameter and kind of state.
 */
record ParameterGroup(Role role, List<Parameter> parameters, double weightDecay) {
    /**
     * Splits parameters into groups. Kernels have weight decay; biases and batch norms have none.
     * Biases have their own learning rate.
     */
    static List<ParameterGroup> split(List<Parameter> parameters, double weightDecay) {
        return Stream.of(
                        of(Role.KERNEL, parameters, weightDecay),
                        of(Role.SCALE, parameters, 0),
                        of(Role.BIAS, parameters, 0))
                .filter(group -> !group.parameters().isEmpty())
                .toList();
    }

    private static ParameterGroup of(Role role, List<Parameter> all, double weightDecay) {
        return new ParameterGroup(
                role, all.stream().filter(parameter -> parameter.role() == role).toList(), weightDecay);
    }

    double learningRate(StepHyperparameters hyperparameters) {
        return role == Role.BIAS ? hyperparameters.biasRate() : hyperparameters.learningRate();
    }

    List<Tensor> tensors() {
        return parameters.stream().map(Parameter::tensor).toList();
    }

    List<Tensor> gradients() {
        return parameters.stream().map(parameter -> parameter.tensor().grad()).toList();
    }

    /** Creates zeros with the shape and layout of each parameter, named {@code kind/parameter}. */
    List<Parameter> zeroState(String kind) {
        Function<Parameter, Parameter> zeros = parameter -> new Parameter(
                kind + "/" + parameter.name(),
                torch.zeros_like(parameter.tensor()).detach(),
                Role.STATE);
        return parameters.stream().map(zeros).toList();
    }
}
