package yolompi.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.model.Parameter;
import yolompi.model.Parameter.Role;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.OptimizerRecipe.Kind;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/**
 * Tests that an {@link Optimizer} computes the formula of its paper, which the test evaluates for
 * each weight in double precision.
 */
@ExtendWith(LoadLibTorch.class)
abstract class OptimizerContract {
    /** Gradients of each step: four kernel weights, one batch-norm weight, one bias. */
    private static final float[][] GRADIENTS = {
        {0.5f, -1, 2, 0.1f, 1, -0.3f}, {-0.7f, 0.2f, 1, 0, 0.4f, 0.6f}, {0.3f, 0.9f, -2, 0.5f, -1.5f, 0.01f}
    };

    private static final float[] START = {1, -2, 0.5f, 4, 3, -1};
    private static final int KERNEL_WEIGHTS = 4;
    private static final int BIAS = 5;
    private static final double TOLERANCE = 2e-6;

    private final Kind kind;

    OptimizerContract(Kind kind) {
        this.kind = kind;
    }

    /** A weight and its optimizer state, in double precision. */
    interface Formula {
        /** The weight after one more step. */
        double step(double weight, double gradient, double decay, double rate, double momentum);
    }

    /** The formula of a new weight. */
    abstract Formula formula(OptimizerRecipe recipe);

    @ParameterizedTest(name = "weight decay {0}")
    @ValueSource(doubles = {0, 0.1})
    void stepsFollowTheFormula(double decay) {
        assertFormula(recipe(0.9, false, decay), fallingRates(0.9));
    }

    @ParameterizedTest(name = "weight decay {0}")
    @ValueSource(doubles = {0, 0.1})
    void stepsFollowTheFormulaWhileMomentumRises(double decay) {
        assertFormula(recipe(0.9, false, decay), warmUp(0.9));
    }

    /** Only kernels decay; biases have their own learning rate. */
    final void assertFormula(OptimizerRecipe recipe, List<StepHyperparameters> rates) {
        List<Parameter> parameters = parameters("");
        Optimizer optimizer = Optimizer.of(recipe, parameters);
        double[] weights = new double[START.length];
        Formula[] formulas = new Formula[START.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = START[i];
            formulas[i] = formula(recipe);
        }
        for (int step = 0; step < rates.size(); step++) {
            step(optimizer, parameters, step, rates.get(step));
            for (int i = 0; i < weights.length; i++) {
                double decay = i < KERNEL_WEIGHTS ? recipe.weightDecay() : 0;
                double rate =
                        i == BIAS ? rates.get(step).biasRate() : rates.get(step).learningRate();
                weights[i] = formulas[i].step(
                        weights[i],
                        GRADIENTS[step][i],
                        decay,
                        rate,
                        rates.get(step).momentum());
            }
            assertThat(values(parameters)).as("step %d", step).containsExactly(weights, within(TOLERANCE));
        }
    }

    @Test
    void restoredOptimizerContinuesBitForBit() {
        OptimizerRecipe recipe = recipe(0.9, false, 0.1);
        List<StepHyperparameters> rates = fallingRates(0.9);
        List<Parameter> straight = parameters("");
        Optimizer whole = Optimizer.of(recipe, straight);
        for (int step = 0; step < rates.size(); step++) {
            step(whole, straight, step, rates.get(step));
        }

        List<Parameter> resumed = parameters("");
        Optimizer before = Optimizer.of(recipe, resumed);
        step(before, resumed, 0, rates.get(0));
        Optimizer after = Optimizer.of(recipe, resumed);
        restore(after, before);
        step(after, resumed, 1, rates.get(1));
        step(after, resumed, 2, rates.get(2));

        assertThat(values(resumed)).containsExactly(values(straight));
    }

    private static void restore(Optimizer to, Optimizer from) {
        assertThat(to.state()).hasSameSizeAs(from.state());
        for (int i = 0; i < from.state().size(); i++) {
            Parameter saved = from.state().get(i);
            assertThat(to.state().get(i).name()).isEqualTo(saved.name());
            to.state().get(i).tensor().copy_(saved.tensor());
        }
    }

    /** A second optimizer holds the frozen layers, which a step must not change. */
    @Test
    void parametersOfAnotherOptimizerKeepTheirBits() {
        List<Parameter> trained = parameters("trained ");
        List<Parameter> frozen = parameters("frozen ");
        OptimizerRecipe recipe = recipe(0.9, false, 0.1);
        Optimizer first = Optimizer.of(recipe, trained);
        Optimizer second = Optimizer.of(recipe, frozen);
        backward(frozen, 0);
        List<float[]> state = second.state().stream()
                .map(parameter -> Tensors.toFloats(parameter.tensor()))
                .toList();
        double[] before = values(frozen);

        step(first, trained, 0, StepHyperparameters.of(0.1, 0.9));

        assertThat(values(frozen)).containsExactly(before);
        for (int i = 0; i < state.size(); i++) {
            assertThat(Tensors.toFloats(second.state().get(i).tensor())).containsExactly(state.get(i));
        }
    }

    @Test
    void stepWithoutLearningRateAndDecayChangesNothing() {
        List<Parameter> parameters = parameters("");
        double[] before = values(parameters);
        step(Optimizer.of(recipe(0.9, false, 0), parameters), parameters, 0, StepHyperparameters.of(0, 0.9));

        assertThat(values(parameters)).containsExactly(before);
    }

    /** Names of the optimizer's state, in its order. */
    final List<String> stateNames(OptimizerRecipe recipe) {
        return Optimizer.of(recipe, parameters("")).state().stream()
                .map(Parameter::name)
                .toList();
    }

    final OptimizerRecipe recipe(double momentum, boolean nesterov, double decay) {
        return new OptimizerRecipe(kind, 0.1, 64, 0.1, 10, momentum, nesterov, 0.99, decay, 0, 20);
    }

    static List<StepHyperparameters> fallingRates(double momentum) {
        return List.of(
                new StepHyperparameters(0.1, 0.3, momentum),
                new StepHyperparameters(0.05, 0.1, momentum),
                new StepHyperparameters(0.02, 0.02, momentum));
    }

    /** Momentum rises from 0. */
    static List<StepHyperparameters> warmUp(double momentum) {
        return List.of(
                new StepHyperparameters(0.01, 0.3, 0),
                new StepHyperparameters(0.05, 0.1, momentum / 2),
                new StepHyperparameters(0.1, 0.1, momentum));
    }

    private static void step(
            Optimizer optimizer, List<Parameter> parameters, int step, StepHyperparameters hyperparameters) {
        backward(parameters, step);
        optimizer.step(hyperparameters);
    }

    private static void backward(List<Parameter> parameters, int step) {
        int from = 0;
        for (Parameter parameter : parameters) {
            Tensor weights = parameter.tensor();
            if (weights.grad().defined()) {
                weights.grad().zero_();
            }
            int count = (int) weights.numel();
            float[] slopes = Arrays.copyOfRange(GRADIENTS[step], from, from + count);
            weights.flatten().mul(Tensors.ofFloats(slopes, count)).sum().backward();
            from += count;
        }
    }

    private static List<Parameter> parameters(String prefix) {
        Tensor kernel = Tensors.ofFloats(Arrays.copyOf(START, KERNEL_WEIGHTS), 2, 2, 1, 1);
        Tensor scale = Tensors.ofFloats(new float[] {START[KERNEL_WEIGHTS]}, 1);
        Tensor bias = Tensors.ofFloats(new float[] {START[BIAS]}, 1);
        List.of(kernel, scale, bias).forEach(tensor -> tensor.set_requires_grad(true));
        return List.of(
                new Parameter(prefix + "kernel", kernel, Role.KERNEL),
                new Parameter(prefix + "scale", scale, Role.SCALE),
                new Parameter(prefix + "bias", bias, Role.BIAS));
    }

    private static double[] values(List<Parameter> parameters) {
        return parameters.stream()
                .flatMapToDouble(parameter -> Arrays.stream(Tensors.toDoubles(parameter.tensor())))
                .toArray();
    }
}
