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
import yolompi.torch.DeviceContext;
import yolompi.train.RunLock;
import yolompi.train.Trainer;
import yolompi.train.memory.AutoBatch;
import yolompi.train.memory.ImageHeap;
import yolompi.train.setup.TrainingSetup;
import yolompi.train.stop.StopSignal;
import yolompi.train.stop.Stopping;
import yolompi.train.stop.Stopping.RunOutcome;

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
    private String stopSignal = Stopping.Rules.DEFAULT_SIGNAL;

    @Option(
            names = "--max-minutes",
            paramLabel = "M",
            showDefaultValue = Visibility.NEVER,
            description =
                    "Stop in the same way, early enough to save the state within M minutes of the start. Default: no"
                            + " limit.")
    private Optional<Double> maxMinutes = Optional.empty();

    /**
     * The folder of a run. Closing it removes a folder that the run has left empty.
     *
     * @param lock held by rank 0
     */
    private record RunFolder(Path path, Optional<RunLock> lock) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (lock.isPresent()) {
                String[] left = path.toFile().list();
                if (left != null && List.of(RunLock.FILE).containsAll(List.of(left))) {
                    path.resolve(RunLock.FILE).toFile().delete();
                    path.toFile().delete();
                }
                lock.get().close();
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        StopSignal signal = StopSignal.early();
        Communicator ranks = Ranked.join();
        RunOutcome ending;
        try {
            ending = train(ranks, signal);
        } catch (Throwable e) {
            return Ranked.leave(ranks, e);
        }
        ranks.close();
        return ending == RunOutcome.STOPPED ? Main.STOPPED : 0;
    }

    private RunOutcome train(Communicator ranks, StopSignal signal) throws Exception {
        Ranked.loadTorch(ranks);
        Stopping.Rules rules = Agreement.on(ranks, () -> new Stopping.Rules(stopSignal, maxMinutes));
        try (Stopping stopping = Stopping.by(rules, signal, ranks)) {
            Recipe recipe = Agreement.on(ranks, () -> arguments.read(changes()));
            ranks.setStallTimeouts(recipe.dist());
            Path folder = runFolder.orElseGet(() -> Path.of("runs", arguments.name()));
            Agreement.on(ranks, () -> requireName(folder, "--run-dir", "a folder"));
            List<String> beginning = new ArrayList<>();
            SlurmJob.describe().ifPresent(job -> beginning.add("Slurm " + job));
            beginning.addAll(stage.staging().copy(recipe.data(), ranks));
            try (TrainingSetup prepared = TrainingSetup.prepare(recipe, folder, ranks, stage.staging());
                    RunFolder locked = Agreement.on(ranks, () -> prepareFolder(ranks, folder))) {
                ranks.logFailuresTo(locked.path().resolve("train.log"));
                DeviceContext.useThreads(prepared.plan().threads());
                TrainingSetup setup = fit(prepared, beginning);
                try (Trainer trainer = new Trainer(setup, beginning)) {
                    try {
                        start(trainer, setup);
                        return trainer.run(stopping);
                    } catch (Throwable e) {
                        Ranked.tell(ranks, e); // before the connections to other ranks close
                        throw e;
                    }
                }
            }
        }
    }

    /** Fits the micro-batch to the memory if requested, checks the memory, and prints the summary. */
    private TrainingSetup fit(TrainingSetup prepared, List<String> beginning) {
        Communicator ranks = prepared.ranks();
        Optional<AutoBatch.Fitted> fitted =
                autoBatch.fit(ranks, prepared.plan(), prepared.architecture(), prepared.device());
        fitted.ifPresent(found -> beginning.addAll(found.lines()));
        TrainingSetup setup =
                fitted.map(AutoBatch.Fitted::recipe).map(prepared::with).orElse(prepared);
        Agreement.on(ranks, () -> {
            ImageHeap.check(setup.plan(), setup.device());
            return Summary.Memory.of(setup).require();
        });
        if (ranks.world().isRankZero()) {
            Summary.lines(setup).forEach(System.out::println);
        }
        return setup;
    }

    private void start(Trainer trainer, TrainingSetup setup) {
        if (resume) {
            trainer.resume();
        } else {
            trainer.start();
        }
        writeRecipe(setup);
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

    private RunFolder prepareFolder(Communicator ranks, Path folder) {
        if (!ranks.world().isRankZero()) {
            return new RunFolder(folder, Optional.empty());
        }
        boolean used = Files.exists(folder.resolve("metrics.csv"))
                || new CheckpointStore(CheckpointStore.folderOf(folder), 1).holdsStates();
        if (!resume && used) {
            throw new InputException(
                    folder + " already holds a run; resume it with --resume, or choose another --run-dir");
        }
        try {
            Files.createDirectories(folder);
            return new RunFolder(
                    folder, Optional.of(RunLock.take(folder, ranks.world().host())));
        } catch (IOException e) {
            throw new InputException(
                    folder + ": can't create the run folder: " + e.getMessage() + "; choose another --run-dir", e);
        }
    }

    /**
     * Writes the resolved recipe. Call it after the checkpoint is restored: a rejected resume must
     * not change the folder.
     */
    private static void writeRecipe(TrainingSetup setup) {
        if (!setup.ranks().world().isRankZero()) {
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
