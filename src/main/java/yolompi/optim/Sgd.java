package yolompi.optim;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import yolompi.model.Parameter;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.OptimizerRecipe;
import yolompi.torch.Operator;

/** Stochastic gradient descent with momentum (Sutskever et al., 2013, as in PyTorch). */
final class Sgd implements Optimizer {
    private final OptimizerRecipe recipe;
    private final List<ParameterGroup> groups;
    private final List<List<Parameter>> momenta = new ArrayList<>();
    private final List<IValue> momentumLists = new ArrayList<>();
    private final List<IValue> tensorLists = new ArrayList<>();
    private final Operator fused = Operator.named("aten::_fused_sgd_", "");

    Sgd(OptimizerRecipe recipe, List<Parameter> parameters) {
        this.recipe = recipe;
        this.groups = ParameterGroup.split(parameters, recipe.weightDecay());
        // The kernel refuses momentum buffers without momentum.
        for (ParameterGroup group : groups) {
            List<Parameter> momentum = recipe.momentum() == 0 ? List.of() : group.zeroState("momentum");
            momenta.add(momentum);
            momentumLists.add(
                    Operator.list(momentum.stream().map(Parameter::tensor).toList()));
            tensorLists.add(Operator.list(group.tensors()));
        }
    }

    @Override
    public void step(StepHyperparameters hyperparameters) {
        try (NoGradGuard constant = new NoGradGuard()) {
            for (int i = 0; i < groups.size(); i++) {
                ParameterGroup group = groups.get(i);
                fused.call(
                        tensorLists.get(i),
                        group.gradients(),
                        momentumLists.get(i),
                        group.weightDecay(),
                        momentum(hyperparameters),
                        group.learningRate(hyperparameters),
                        0.0, // dampening
                        recipe.nesterov(),
                        false, // maximize
                        false, // first step: the momentum buffers start at zero instead
                        Operator.NONE,
                        Operator.NONE);
            }
        }
    }

    /**
     * With a momentum that rises from 0, the kernel must keep the momentum buffers. It skips them
     * for exactly 0, so this value is tiny instead.
     */
    private double momentum(StepHyperparameters hyperparameters) {
        return recipe.momentum() == 0 ? 0 : Math.max(hyperparameters.momentum(), Double.MIN_NORMAL);
    }

    @Override
    public List<Parameter> state() {
        return momenta.stream().flatMap(List::stream).toList();
    }
}
