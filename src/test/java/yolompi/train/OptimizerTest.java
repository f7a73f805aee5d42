package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import yolompi.model.Parameter;
import yolompi.model.Parameter.Role;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.OptimizerRecipe.Kind;
import yolompi.torch.LoadLibTorch;
import yolompi.torch.Tensors;

/** LibTorch's fused kernels against the formulas of the papers, in double precision. */
@ExtendWith(LoadLibTorch.class)
final class OptimizerTest {
    private static final float[] KERNEL = {1, -2, 0.5f, 4};
    private static final float[] SCALE = {3};
    private static final float[] BIAS = {-1};
    /** For each step the gradients of the kernel's four weights, of the scale and of the bias. */
    private static final float[][] GRADIENTS = {
        {0.5f, -1, 2, 0.1f, 1, -0.3f}, {-0.7f, 0.2f, 1, 0, 0.4f, 0.6f}, {0.3f, 0.9f, -2, 0.5f, -1.5f, 0.01f}
    };

    /** Falling rates, a rate of its own for biases, and momentum as given. */
    private static List<Rates> steady(double momentum) {
        return List.of(new Rates(0.1, 0.3, momentum), new Rates(0.05, 0.1, momentum), new Rates(0.02, 0.02, momentum));
    }

    /** Momentum that rises from 0 to {@code momentum}. */
    private static List<Rates> warming(double momentum) {
        return List.of(new Rates(0.01, 0.3, 0), new Rates(0.05, 0.1, momentum / 2), new Rates(0.1, 0.1, momentum));
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, 0, false",
        "0.9, false, 0, false",
        "0.9, true, 0, false",
        "0.9, true, 0.1, false",
        "0.9, false, 0.1, false",
        "0.9, false, 0.1, true",
        "0.9, true, 0.1, true"
    })
    void sgdStepsAreThoseOfItsFormula(double momentum, boolean nesterov, double decay, boolean warms) {
        List<Rates> rates = warms ? warming(momentum) : steady(momentum);
        List<Parameter> parameters = parameters();
        run(recipe(Kind.SGD, momentum, nesterov, decay), parameters, rates);

        for (int i = 0; i < 6; i++) {
            double weight = start(i);
            double velocity = 0;
            for (int step = 0; step < 3; step++) {
                double gradient = GRADIENTS[step][i] + decayOf(i, decay) * weight;
                double inertia = rates.get(step).momentum();
                velocity = inertia * velocity + gradient;
                weight -= rateOf(i, rates.get(step)) * (nesterov ? gradient + inertia * velocity : velocity);
            }
            assertWeight(parameters, i, weight);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ADAM, 0, false",
        "ADAM, 0.1, false",
        "ADAMW, 0, false",
        "ADAMW, 0.1, false",
        "ADAM, 0.1, true",
        "ADAMW, 0.1, true"
    })
    void adamStepsAreThoseOfItsFormula(Kind kind, double decay, boolean warms) {
        List<Rates> rates = warms ? warming(0.9) : steady(0.9);
        List<Parameter> parameters = parameters();
        run(recipe(kind, 0.9, false, decay), parameters, rates);

        for (int i = 0; i < 6; i++) {
            double weight = start(i);
            double mean = 0;
            double square = 0;
            for (int step = 0; step < 3; step++) {
                double gradient = GRADIENTS[step][i];
                double rate = rateOf(i, rates.get(step));
                double beta1 = rates.get(step).momentum();
                if (kind == Kind.ADAMW) {
                    weight *= 1 - rate * decayOf(i, decay);
                } else {
                    gradient += decayOf(i, decay) * weight;
                }
                mean = beta1 * mean + (1 - beta1) * gradient;
                square = 0.99 * square + 0.01 * gradient * gradient;
                double unbiasedMean = mean / (1 - Math.pow(beta1, step + 1));
                double unbiasedSquare = square / (1 - Math.pow(0.99, step + 1));
                weight -= rate * unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8);
            }
            assertWeight(parameters, i, weight);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anOptimizerWithTheStateOfAnotherGoesOnLikeIt(Kind kind) {
        OptimizerRecipe recipe = recipe(kind, 0.9, false, 0.1);
        List<Parameter> straight = parameters();
        run(recipe, straight, steady(0.9));

        List<Parameter> resumed = parameters();
        Optimizer before = Optimizer.of(recipe, resumed);
        step(before, resumed, 0, steady(0.9));
        Optimizer after = Optimizer.of(recipe, resumed);
        for (int i = 0; i < before.state().size(); i++) {
            assertThat(after.state().get(i).name())
                    .isEqualTo(before.state().get(i).name());
            after.state().get(i).tensor().copy_(before.state().get(i).tensor());
        }
        step(after, resumed, 1, steady(0.9));
        step(after, resumed, 2, steady(0.9));

        for (int i = 0; i < straight.size(); i++) {
            assertThat(resumed.get(i).tensor().equal(straight.get(i).tensor())).isTrue();
        }
    }

    @Test
    void stateIsNamedAfterItsParameter() {
        assertThat(Optimizer.of(recipe(Kind.SGD, 0.9, true, 0), parameters()).state())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrder("momentum/kernel", "momentum/scale", "momentum/bias");
        assertThat(Optimizer.of(recipe(Kind.SGD, 0, false, 0), parameters()).state())
                .isEmpty();
        assertThat(Optimizer.of(recipe(Kind.ADAM, 0.9, false, 0), parameters()).state())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrder(
                        "steps/kernel",
                        "steps/scale",
                        "steps/bias",
                        "mean/kernel",
                        "mean/scale",
                        "mean/bias",
                        "square/kernel",
                        "square/scale",
                        "square/bias");
    }

    private static void run(OptimizerRecipe recipe, List<Parameter> parameters, List<Rates> rates) {
        Optimizer optimizer = Optimizer.of(recipe, parameters);
        for (int step = 0; step < 3; step++) {
            step(optimizer, parameters, step, rates);
        }
    }

    private static void step(Optimizer optimizer, List<Parameter> parameters, int step, List<Rates> rates) {
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
        optimizer.step(rates.get(step));
    }

    private static List<Parameter> parameters() {
        Tensor kernel = Tensors.ofFloats(KERNEL, 2, 2, 1, 1);
        Tensor scale = Tensors.ofFloats(SCALE, 1);
        Tensor bias = Tensors.ofFloats(BIAS, 1);
        List.of(kernel, scale, bias).forEach(tensor -> tensor.set_requires_grad(true));
        return List.of(
                new Parameter("kernel", kernel, Role.KERNEL),
                new Parameter("scale", scale, Role.SCALE),
                new Parameter("bias", bias, Role.BIAS));
    }

    private static double start(int index) {
        return index < 4 ? KERNEL[index] : index == 4 ? SCALE[0] : BIAS[0];
    }

    private static double decayOf(int index, double decay) {
        return index < 4 ? decay : 0;
    }

    private static double rateOf(int index, Rates rates) {
        return index < 5 ? rates.learningRate() : rates.biasRate();
    }

    private static void assertWeight(List<Parameter> parameters, int index, double expected) {
        Tensor tensor = parameters.get(Math.max(0, index - 3)).tensor();
        assertThat((double) Tensors.toFloats(tensor)[index < 4 ? index : 0])
                .as("weight %d", index)
                .isCloseTo(expected, within(2e-6));
    }

    private static OptimizerRecipe recipe(Kind kind, double momentum, boolean nesterov, double decay) {
        return new OptimizerRecipe(kind, 0.1, 64, 0.1, 10, momentum, nesterov, 0.99, decay, 0, 20);
    }
}
