package yolompi.optim;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Parameter;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.OptimizerRecipe;
import yolompi.torch.Operator;

/**
 * Adam (Kingma and Ba, 2015) and AdamW, Adam with decoupled weight decay (Loshchilov and Hutter,
 * 2019).
 */
final class Adam implements Optimizer {
    private static final double EPSILON = 1e-8;

    private final OptimizerRecipe recipe;
    private final List<ParameterGroup> groups;
    private final List<List<Parameter>> means = new ArrayList<>();
    private final List<List<Parameter>> squares = new ArrayList<>();
    private final List<List<Parameter>> steps = new ArrayList<>(); // per parameter: frozen ones start later
    private final Operator increment = Operator.named("aten::_foreach_add_", "Scalar");
    private final Operator fused;

    Adam(OptimizerRecipe recipe, List<Parameter> parameters) {
        this.recipe = recipe;
        this.groups = ParameterGroup.split(parameters, recipe.weightDecay());
        for (ParameterGroup group : groups) {
            means.add(group.zeroState("mean"));
            squares.add(group.zeroState("square"));
            steps.add(group.parameters().stream().map(Adam::counter).toList());
        }
        String name = recipe.kind() == OptimizerRecipe.Kind.ADAMW ? "aten::_fused_adamw_" : "aten::_fused_adam_";
        this.fused = Operator.named(name, "");
    }

    /** Creates the parameter's step counter, float32 {@code []}. */
    private static Parameter counter(Parameter parameter) {
        return new Parameter(
                "steps/" + parameter.name(),
                parameter.tensor().detach().new_zeros(1).squeeze().detach(),
                Parameter.Role.STATE);
    }

    @Override
    public void step(StepHyperparameters hyperparameters) {
        try (NoGradGuard constant = new NoGradGuard()) {
            for (int i = 0; i < groups.size(); i++) {
                ParameterGroup group = groups.get(i);
                increment.call(tensors(steps.get(i)), 1.0);
                fused.call(
                        group.tensors(),
                        group.gradients(),
                        tensors(means.get(i)),
                        tensors(squares.get(i)),
                        List.of(), // no maxima, as without AMSGrad
                        tensors(steps.get(i)),
                        group.learningRate(hyperparameters),
                        hyperparameters.momentum(),
                        recipe.beta2(),
                        group.weightDecay(),
                        EPSILON,
                        false, // AMSGrad
                        false, // maximize
                        Operator.NONE,
                        Operator.NONE);
            }
        }
    }

    private static List<Tensor> tensors(List<Parameter> state) {
        return state.stream().map(Parameter::tensor).toList();
    }

    @Override
    public List<Parameter> state() {
        List<Parameter> all = new ArrayList<>();
        steps.forEach(all::addAll);
        means.forEach(all::addAll);
        squares.forEach(all::addAll);
        return all;
    }
}
