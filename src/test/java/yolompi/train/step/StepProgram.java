package yolompi.train.step;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorBytes;
import yolompi.checkpoint.TensorDigest;
import yolompi.data.Batch;
import yolompi.distributed.Communicator;
import yolompi.distributed.collective.DifferentiableAllGather;
import yolompi.distributed.collective.ProcessGroup;
import yolompi.distributed.collective.ProcessGroups;
import yolompi.distributed.device.DeviceChoice;
import yolompi.distributed.world.World;
import yolompi.model.Architecture;
import yolompi.model.Layer.SharedStatistics;
import yolompi.model.Network;
import yolompi.optim.Schedule.StepHyperparameters;
import yolompi.recipe.IntegerRanges;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;
import yolompi.train.step.StepCase.BatchNorm;
import yolompi.weights.TrainingTensors;

/**
 * A rank that trains a few steps on random images: {@code FOLDER CASE…}, each case as
 * {@link StepCase#text}. For each case rank 0 saves the first gradients, unless each rank
 * normalizes with its own images, and every rank prints a {@link StepOutcome}.
 */
final class StepProgram {
    private static final int SIZE = 64;
    private static final int CLASSES = 3;
    private static final int STEPS = 3;

    private final Communicator ranks;
    private final Path folder;

    private StepProgram(Communicator ranks, Path folder) {
        this.ranks = ranks;
        this.folder = folder;
    }

    public static void main(String[] args) {
        LoadLibTorch.now();
        DeviceContext.useThreads(1);
        try (Communicator ranks = Communicator.join()) {
            StepProgram program = new StepProgram(ranks, Path.of(args[0]));
            for (String text : List.of(args).subList(1, args.length)) {
                try (PointerScope scope = new PointerScope()) { // frees the tensors of the case
                    program.run(StepCase.parse(text));
                }
            }
        }
    }

    private void run(StepCase stepCase) {
        Recipe recipe = RecipeFile.parse("test", stepCase.recipe(), List.of());
        Architecture architecture = stepCase.architecture(CLASSES);
        DeviceContext device = DeviceChoice.of(recipe, ranks);
        try (ProcessGroup group = ProcessGroups.create(ranks, recipe.dist(), device.onGpu())) {
            Optional<SharedStatistics> shared = recipe.model().syncBatchNorm()
                    ? Optional.of(new DifferentiableAllGather(group)::gather)
                    : Optional.empty();
            // Different weights on each rank, so that equal weights prove the broadcast from rank
            // 0.
            long seed = 1L + ranks.world().rank();
            Network network = new Network(architecture, seed, device, shared);
            try (TrainStep trainStep = new TrainStep(network, recipe, ranks, group, device)) {
                takeSteps(stepCase, network, trainStep);
            }
        }
    }

    private void takeSteps(StepCase stepCase, Network network, TrainStep trainStep) {
        trainStep.gradients(part(stepCase, 0));
        List<NamedTensor> gradients = gradients(network);
        if (ranks.world().isRankZero() && stepCase.batchNorm() != BatchNorm.LOCAL) {
            Safetensors.write(stepCase.gradientFile(folder), new Checkpoint(Map.of(), gradients));
        }
        List<NamedTensor> before = state(network);
        for (int step = 0; step < STEPS; step++) {
            trainStep.run(part(stepCase, step), StepHyperparameters.of(0.01, 0.9));
        }
        String movedWhileFrozen = "";
        String movedInTheEnd = "";
        if (stepCase.freezes()) {
            movedWhileFrozen = moved(before, state(network));
            trainStep.unfreeze();
            trainStep.run(part(stepCase, STEPS), StepHyperparameters.of(0.01, 0.9));
            movedInTheEnd = moved(before, state(network));
        }
        System.out.println(new StepOutcome(
                        stepCase.text(),
                        TensorDigest.sha256(gradients),
                        TensorDigest.sha256(state(network)),
                        movedWhileFrozen,
                        movedInTheEnd)
                .line());
    }

    /** This rank's images of a step: its part of each micro-batch. */
    private List<Batch> part(StepCase stepCase, int step) {
        World world = ranks.world();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < stepCase.microBatches(); i++) {
            int from = i * stepCase.images() / stepCase.microBatches();
            int images = (i + 1) * stepCase.images() / stepCase.microBatches() - from;
            int first = step * stepCase.images() + from;
            batches.add(RandomBatches.of(
                    first + world.rank() * images / world.size(),
                    first + (world.rank() + 1) * images / world.size(),
                    SIZE,
                    CLASSES));
        }
        return batches;
    }

    private static List<NamedTensor> gradients(Network network) {
        return network.trainedParameters().stream()
                .map(parameter ->
                        TensorBytes.copyOf(parameter.name(), parameter.tensor().grad()))
                .toList();
    }

    private static List<NamedTensor> state(Network network) {
        return TrainingTensors.all(network).stream()
                .map(parameter -> TensorBytes.copyOf(parameter.name(), parameter.tensor()))
                .toList();
    }

    /** Layers in which a bit of any tensor has changed. */
    private static String moved(List<NamedTensor> before, List<NamedTensor> after) {
        Set<Integer> layers = new TreeSet<>();
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).bytes().equals(after.get(i).bytes())) {
                layers.add(Integer.valueOf(before.get(i).name().split("\\.", 3)[1]));
            }
        }
        return IntegerRanges.describe(layers);
    }
}
