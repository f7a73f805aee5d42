package yolompi.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.checkpoint.CheckpointStore;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.SlurmJob;
import yolompi.io.AtomicFile;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Compute;
import yolompi.train.RunLock;
import yolompi.train.Trainer;
import yolompi.train.memory.ImageHeap;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.stop.Ending;
import yolompi.train.stop.StopRules;
import yolompi.train.stop.StopSignal;
import yolompi.train.stop.Stopping;

@Command(
        name = "train",
        description = "Trains a detector, with one process or on all ranks that mpirun or srun started.")
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private SharedOptions.AutoBatchOption autoBatch;

    @Mixin
    private SharedOptions.StageOption stage;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            showDefaultValue = Visibility.NEVER,
            description = "Folder for checkpoints, metrics.csv, train.log and the resolved recipe."
                    + " Default: runs/NAME for a recipe NAME.toml.")
    private Optional<Path> runFolder = Optional.empty();

    @Option(
            names = "--resume",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Resume from the newest valid checkpoint of the run folder; start from scratch if there is none.")
    private boolean resume;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Checkpoint (.safetensors) to start from; same as model.weights in the recipe. Loads the averaged"
                            + " weights (EMA) if the checkpoint has them. Loads every tensor that matches in name and"
                            + " shape, and logs the others. With --resume, a checkpoint in the run folder takes"
                            + " precedence.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--stop-signal",
            paramLabel = "NAME",
            description =
                    "Signal, besides TERM and USR1, that stops training after the current step when a rank or mpirun"
                            + " receives it."
                            + " The state is saved and the exit status is " + Main.STOPPED
                            + ". A second signal ends the process at once.")
    private String stopSignal = StopRules.DEFAULT_SIGNAL;

    @Option(
            names = "--max-minutes",
            paramLabel = "M",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Stop in the same way, early enough to save the state within M minutes of the start. Default: no"
                            + " limit.")
    private Optional<Double> maxMinutes = Optional.empty();

    private Ending ending = Ending.DONE;

    /** Held by rank 0 until the command ends. */
    private Optional<RunLock> lock = Optional.empty();

    @Override
    public Integer call() throws Exception {
        StopSignal early = StopSignal.early();
        int failure;
        try {
            failure = Ranked.run(ranks -> train(ranks, early));
        } finally {
            if (lock.isPresent()) {
                lock.get().close();
            }
        }
        return failure == 0 && ending == Ending.STOPPED ? Main.STOPPED : failure;
    }

    private void train(Communicator ranks, StopSignal signal) throws Exception {
        StopRules rules = Agreement.on(ranks, () -> new StopRules(stopSignal, maxMinutes));
        try (Stopping stopping = Stopping.by(rules, signal, ranks)) {
            train(ranks, stopping);
        }
    }

    private void train(Communicator ranks, Stopping stopping) throws Exception {
        Recipe recipe = Agreement.on(ranks, () -> arguments.read(changes()));
        ranks.bearWith(recipe.dist());
        Path folder = runFolder.orElseGet(() -> Path.of("runs", arguments.name()));
        Agreement.on(ranks, () -> requireName(folder, "--run-dir", "a folder"));
        List<String> beginning = new ArrayList<>();
        SlurmJob.describe().ifPresent(job -> beginning.add("Slurm " + job));
        beginning.addAll(stage.staging().copy(recipe.data(), ranks));
        try {
            train(ranks, stopping, recipe, folder, beginning);
        } catch (RuntimeException e) {
            removeIfEmpty(folder);
            throw e;
        }
    }

    private void train(Communicator ranks, Stopping stopping, Recipe recipe, Path folder, List<String> beginning)
            throws Exception {
        try (TrainingSetup prepared = TrainingSetup.prepare(recipe, folder, ranks, stage.staging())) {
            lock = Agreement.on(ranks, () -> prepareFolder(ranks, folder));
            ranks.logFailuresTo(folder.resolve("train.log"));
            Compute.useThreads(prepared.threads());
            TrainingSetup setup = autoBatch.apply(prepared, beginning::addAll);
            Agreement.on(
                    ranks, () -> Summary.Memory.of(ImageHeap.checked(setup)).require());
            if (ranks.world().isFirst()) {
                Summary.lines(setup).forEach(System.out::println);
            }
            try (Trainer trainer = new Trainer(setup)) {
                beginning.forEach(trainer::say);
                Ranked.tellFailure(ranks, connected -> {
                    if (resume) {
                        trainer.resume();
                    } else {
                        trainer.start();
                    }
                    writeRecipe(ranks, setup);
                    ending = trainer.run(stopping);
                });
            }
        }
    }

    /** Removes the folder of a run that did not start, unless another training has locked it. */
    private void removeIfEmpty(Path folder) {
        String[] left = lock.isPresent() ? folder.toFile().list() : null;
        if (left != null && List.of(RunLock.FILE).containsAll(List.of(left))) {
            folder.resolve(RunLock.FILE).toFile().delete();
            folder.toFile().delete();
        }
    }

    /** The keys of the recipe that options change. */
    private Map<String, String> changes() {
        return weights.map(file -> Map.of(
                        "model.weights",
                        requireName(file, "--weights", "a checkpoint").toString()))
                .orElse(Map.of());
    }

    /** Rejects an empty name, such as that from an unset shell variable. */
    private static Path requireName(Path name, String option, String expected) {
        if (name.toString().isBlank()) {
            throw new WrongUsageException(option + ": found an empty name, expected " + expected);
        }
        return name;
    }

    private Optional<RunLock> prepareFolder(Communicator ranks, Path folder) {
        if (!ranks.world().isFirst()) {
            return Optional.empty();
        }
        boolean used = Files.exists(folder.resolve("metrics.csv"))
                || new CheckpointStore(Trainer.checkpoints(folder), 1).holdsStates();
        if (!resume && used) {
            throw new InputException(
                    folder + " already holds a run; resume it with --resume, or choose another --run-dir");
        }
        try {
            Files.createDirectories(folder);
            return Optional.of(RunLock.take(folder, ranks.world().host()));
        } catch (IOException e) {
            throw new InputException(
                    folder + ": can't create the run folder: " + e.getMessage() + "; choose another --run-dir", e);
        }
    }

    /**
     * Writes the resolved recipe. Call it after the checkpoint is restored: a rejected resume must
     * not change the folder.
     */
    private static void writeRecipe(Communicator ranks, TrainingSetup setup) {
        if (!ranks.world().isFirst()) {
            return;
        }
        Path folder = setup.runFolder();
        try {
            byte[] resolved = RecipeFile.toToml(setup.recipe()).getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(folder.resolve("recipe.toml"), out -> out.write(resolved));
        } catch (IOException e) {
            throw new InputException(
                    folder + ": can't write the run folder: " + e.getMessage() + "; choose another --run-dir", e);
        }
    }
}
