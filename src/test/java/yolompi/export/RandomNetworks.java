package yolompi.export;

import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import yolompi.model.Architecture;
import yolompi.model.Network;
import yolompi.model.Parameter;
import yolompi.model.YoloHead;
import yolompi.model.darknet.ArchitectureReader;
import yolompi.torch.Tensors;

/**
 * Random networks with running statistics and heads as after training, so that every tensor affects
 * the output and some boxes have high scores.
 */
final class RandomNetworks {
    private RandomNetworks() {}

    /**
     * Creates a network from the lines of a {@code .cfg}, separated by {@code ~}, without its
     * [net].
     */
    static Network ofLayers(String layers, int classes) {
        return of(ArchitectureReader.parse("layers.cfg", ("[net]~" + layers).replace('~', '\n'), List.of(), classes));
    }

    /** Creates a built-in network. */
    static Network builtIn(String name, int classes) {
        return of(ArchitectureReader.read(name, List.of(), classes));
    }

    private static Network of(Architecture architecture) {
        Network network = new Network(architecture, 3);
        Random random = new Random(5);
        try (NoGradGuard constant = new NoGradGuard()) {
            for (Parameter parameter : network.parameters()) {
                switch (parameter.role()) {
                    case SCALE -> fill(parameter.tensor(), 0.4, 0.8, random);
                    case BIAS -> fill(parameter.tensor(), -0.5, 0.5, random);
                    default -> {}
                }
            }
            for (Parameter statistic : network.buffers()) {
                boolean mean = statistic.name().endsWith("mean");
                fill(statistic.tensor(), mean ? -0.3 : 0.5, mean ? 0.3 : 1.5, random);
            }
            sharpen(network, random);
        }
        return network;
    }

    /**
     * Replaces the weights of the convolution before each head, because an untrained head gives the
     * same output everywhere.
     */
    private static void sharpen(Network network, Random random) {
        List<YoloHead> heads = network.architecture().heads();
        for (Parameter parameter : network.parameters()) {
            boolean ofHead = parameter.tensor().dim() == 4
                    && heads.stream()
                            .anyMatch(head ->
                                    head.channels() == parameter.tensor().size(0))
                    && parameter.tensor().abs().mean().item_float() < 0.02;
            if (ofHead) {
                double bound = 4 / Math.sqrt((double) parameter.tensor().size(1));
                fill(parameter.tensor(), -bound, bound, random);
            }
        }
    }

    private static void fill(Tensor tensor, double least, double most, Random random) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (least + (most - least) * random.nextDouble());
        }
        tensor.copy_(Tensors.ofFloats(values, tensor.shape()));
    }
}
