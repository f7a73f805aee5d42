package yolompi.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NoGradGuard;
import yolompi.model.Parameter;
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
        // The kernel refuses momenta where there is no momentum.
        for (ParameterGroup group : groups) {
            List<Parameter> momentum = recipe.momentum() == 0 ? List.of() : group.zeroState("momentum");
            momenta.add(momentum);
            momentumLists.add(
                    Operator.list(momentum.stream().map(Parameter::tensor).toList()));
            tensorLists.add(Operator.list(group.tensors()));
        }
    }

    @Override
    public void step(Rates rates) {
        try (NoGradGuard constant = new NoGradGuard()) {
            for (int i = 0; i < groups.size(); i++) {
                ParameterGroup group = groups.get(i);
                fused.call(
                        tensorLists.get(i),
                        group.gradients(),
                        momentumLists.get(i),
                        group.weightDecay(),
                        momentum(rates),
                        group.learningRate(rates),
                        0.0, // dampening
                        recipe.nesterov(),
                        false, // maximize
                        false, // first step: the momenta start at zero instead
                        Operator.NONE,
                        Operator.NONE);
            }
        }
    }

    /** Where a momentum of 0 is one that will rise, the kernel must keep the momenta: this is 0 to it, but does not look so. */
    private double momentum(Rates rates) {
        return recipe.momentum() == 0 ? 0 : Math.max(rates.momentum(), Double.MIN_NORMAL);
    }

    @Override
    public List<Parameter> state() {
        return momenta.stream().flatMap(List::stream).toList();
    }
}
