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
import yolompi.AtomicFile;
import yolompi.InputException;
import yolompi.WrongUsageException;
import yolompi.checkpoint.CheckpointStore;
import yolompi.dist.Agreement;
import yolompi.dist.Communicator;
import yolompi.dist.SlurmJob;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeFile;
import yolompi.torch.Threads;
import yolompi.train.Ending;
import yolompi.train.RunLock;
import yolompi.train.StopRules;
import yolompi.train.StopSignal;
import yolompi.train.Stopping;
import yolompi.train.Trainer;
import yolompi.train.TrainingSetup;

@Command(name = "train", description = "Trains a detector: alone, or on all ranks that mpirun or srun started.")
final class TrainCommand implements Callable<Integer> {
    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private AutoBatchOption autoBatch;

    @Mixin
    private StageOption stage;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            showDefaultValue = Visibility.NEVER,
            description = "Folder for checkpoints, metrics.csv, train.log and the resolved recipe."
                    + " Default: runs/NAME, after the recipe's file NAME.toml.")
    private Optional<Path> runFolder = Optional.empty();

    @Option(
            names = "--resume",
            showDefaultValue = Visibility.NEVER,
            description = "Go on from the newest valid checkpoint of the run folder, or start where there is none.")
    private boolean resume;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Checkpoint (.safetensors) to begin from, as model.weights in the recipe: of the averaged weights where there are"
                            + " some, all that fits by name and shape; the log tells what does not. With --resume a state that is found comes first.")
    private Optional<Path> weights = Optional.empty();

    @Option(
            names = "--stop-signal",
            paramLabel = "NAME",
            description =
                    "Signal to a rank or to mpirun that stops training after the current step, as TERM and USR1 do: the state is"
                            + " saved, the exit status is " + Main.STOPPED + ". A second one ends the process at once.")
    private String stopSignal = StopRules.DEFAULT_SIGNAL;

    @Option(
            names = "--max-minutes",
            paramLabel = "M",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Stop in the same way so early that the state is saved within M minutes from the start. Default: no limit.")
    private Optional<Double> maxMinutes = Optional.empty();

    private Ending ending = Ending.DONE;

    /** Rank 0's, until the command ends. */
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
            Threads.use(prepared.threads());
            TrainingSetup setup = autoBatch.apply(prepared, beginning::addAll);
            Agreement.on(ranks, () -> MemoryLine.of(setup.checkHeap()).require());
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

    /** A run that never began leaves no folder, unless another training holds it that has not written anything yet. */
    private void removeIfEmpty(Path folder) {
        String[] left = lock.isPresent() ? folder.toFile().list() : null;
        if (left != null && List.of(RunLock.FILE).containsAll(List.of(left))) {
            folder.resolve(RunLock.FILE).toFile().delete();
            folder.toFile().delete();
        }
    }

    /** What options change in the recipe. */
    private Map<String, String> changes() {
        return weights.map(file -> Map.of(
                        "model.weights",
                        requireName(file, "--weights", "a checkpoint").toString()))
                .orElse(Map.of());
    }

    /** Such as an unset variable of a shell would make it. */
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
                    folder + " holds a run already; go on with it by --resume, or choose another --run-dir");
        }
        try {
            Files.createDirectories(folder);
            return Optional.of(RunLock.take(folder, ranks.world().host()));
        } catch (IOException e) {
            throw new InputException(
                    folder + ": can't make the run folder: " + e.getMessage() + "; choose another --run-dir", e);
        }
    }

    /** Not before the state is found: a resumption that is refused must not change what the folder says of the run. */
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
