package yolompi.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Parameter;
import yolompi.recipe.OptimizerRecipe;
import yolompi.torch.Operator;

/** Adam (Kingma and Ba, 2015) and AdamW, its form with decoupled weight decay (Loshchilov and Hutter, 2019). */
final class Adam implements Optimizer {
    private static final double EPSILON = 1e-8;

    private final OptimizerRecipe recipe;
    private final List<ParameterGroup> groups;
    private final List<List<Parameter>> means = new ArrayList<>();
    private final List<List<Parameter>> squares = new ArrayList<>();
    private final Parameter steps;
    private final Operator fused;

    Adam(OptimizerRecipe recipe, List<Parameter> parameters) {
        this.recipe = recipe;
        Tensor any = parameters.get(0).tensor().detach();
        this.steps = new Parameter("steps", any.new_zeros(1).squeeze().detach(), Parameter.Role.STATE);
        this.groups = ParameterGroup.split(parameters, recipe.weightDecay());
        for (ParameterGroup group : groups) {
            means.add(group.zeroState("mean"));
            squares.add(group.zeroState("square"));
        }
        String name = recipe.kind() == OptimizerRecipe.Kind.ADAMW ? "aten::_fused_adamw_" : "aten::_fused_adam_";
        this.fused = Operator.named(name, "");
    }

    @Override
    public void step(Rates rates) {
        try (NoGradGuard constant = new NoGradGuard()) {
            steps.tensor().add_(new Scalar(1));
            for (int i = 0; i < groups.size(); i++) {
                ParameterGroup group = groups.get(i);
                fused.call(
                        group.tensors(),
                        group.gradients(),
                        tensors(means.get(i)),
                        tensors(squares.get(i)),
                        List.of(), // no maxima: not AMSGrad
                        Collections.nCopies(group.parameters().size(), steps.tensor()),
                        group.learningRate(rates),
                        rates.momentum(),
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
        List<Parameter> all = new ArrayList<>(List.of(steps));
        means.forEach(all::addAll);
        squares.forEach(all::addAll);
        return all;
    }
}
