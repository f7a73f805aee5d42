package yolompi.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.AtomicFile;

/**
 * Folder with the checkpoints of one run. Only one process writes to it.
 *
 * <p>A checkpoint is a file such as {@code epoch-0012_loss-1.2345_map50-0.6789.safetensors}, or
 * within an epoch {@code epoch-0012_step-00001234_loss-1.2345.safetensors}.
 * {@code last.safetensors} and {@code best.safetensors} are relative symbolic links to two of these
 * files, or copies if the file system has no links.
 *
 * <p>From the first save on, the folder always holds at least one complete checkpoint, even if a
 * save is interrupted: old files are deleted only after the new one has been forced to disk and
 * renamed. Checkpoints are found by the step in their metadata, not by the links, so a process may
 * end at any point between renaming, linking and deleting.
 */
public final class CheckpointStore {
    private static final String SUFFIX = ".safetensors";
    private static final String LAST = "last" + SUFFIX;
    static final String BEST = "best" + SUFFIX;

    /** Metadata key: the file name under which it was saved; identifies the original of a copy. */
    private static final String FILE = "file";

    /** Metadata key: whether pruning must keep the file. */
    private static final String KEPT = "kept";

    private final Path directory;
    private final int keepLast;

    /**
     * Names of files that {@link #newestValid} found damaged. Pruning neither deletes nor counts
     * them.
     */
    private final Set<String> damaged = new HashSet<>();

    /**
     * A checkpoint found in the folder.
     *
     * @param file where it was found
     * @param state progress of the training
     * @param checkpoint the complete content, with verified checksums
     */
    public record Found(Path file, TrainState state, Checkpoint checkpoint) {}

    /** Returns the folder of a run's checkpoints. */
    public static Path folderOf(Path runFolder) {
        return runFolder.resolve("checkpoints");
    }

    /**
     * Creates a store. The first save creates the folder.
     *
     * @param keepLast number of newest checkpoints to keep, in addition to the best and to those
     *     kept permanently; at least 1
     */
    public CheckpointStore(Path directory, int keepLast) {
        if (keepLast < 1) {
            throw new IllegalArgumentException("keepLast = " + keepLast + ": expected at least 1");
        }
        this.directory = directory;
        this.keepLast = keepLast;
    }

    /** Path of {@code last.safetensors}, whether or not it exists. */
    public Path last() {
        return directory.resolve(LAST);
    }

    /** Path of {@code best.safetensors}, whether or not it exists. */
    public Path best() {
        return directory.resolve(BEST);
    }

    /** Whether the folder holds any checkpoint, valid or not. */
    public boolean holdsStates() {
        return Files.isDirectory(directory) && !list(CheckpointStore::isState).isEmpty();
    }

    /**
     * Saves a checkpoint, points last (and best) at it, then deletes old checkpoints that are
     * neither linked nor to be kept.
     *
     * @return the checkpoint's own file
     * @throws UncheckedIOException if the file system refuses; earlier checkpoints are intact
     */
    public Path save(SaveRequest request) {
        try {
            Files.createDirectories(directory);
            removeLeftovers();
            Path file = directory.resolve(freeName(request));
            Map<String, String> metadata =
                    new LinkedHashMap<>(request.checkpoint().metadata());
            metadata.putAll(request.state().toMetadata());
            metadata.put(FILE, file.getFileName().toString());
            metadata.put(KEPT, Boolean.toString(request.keep()));
            Safetensors.write(
                    file, new Checkpoint(metadata, request.checkpoint().tensors()));
            damaged.remove(name(file));
            point(last(), file);
            if (request.best()) {
                point(best(), file);
            }
            prune();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": can't save a checkpoint: " + inWords(e), e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException("can't save a checkpoint: " + e.getMessage(), e.getCause());
        }
    }

    private static void point(Path pointer, Path file) throws IOException {
        AtomicFile.link(pointer, file, pointer.resolveSibling(name(pointer) + Safetensors.TEMPORARY_SUFFIX));
    }

    /** The message of many of the JDK's file errors is only a path: adds the kind of error. */
    private static String inWords(IOException failure) {
        return failure instanceof FileSystemException system && system.getReason() == null
                ? system.getClass().getSimpleName() + " " + system.getFile()
                : failure.getMessage();
    }

    /**
     * Finds the valid checkpoint with the highest step, and reads it completely.
     *
     * @param report receives one line for each skipped file, with the reason
     * @throws UncheckedIOException if the folder can't be listed
     */
    public Optional<Found> newestValid(Consumer<String> report) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        for (Path leftover : list(CheckpointStore::isTemporary)) {
            report.accept(leftover + ": left by an interrupted save; skipped");
        }
        for (Candidate candidate : candidates(report)) {
            try {
                Checkpoint checkpoint = Safetensors.read(candidate.file());
                return Optional.of(new Found(candidate.file(), candidate.state(), checkpoint));
            } catch (InputException e) {
                damaged.add(name(candidate.file()));
                report.accept(e.getMessage() + "; skipped");
            }
        }
        return Optional.empty();
    }

    private record Candidate(Path file, TrainState state) {}

    /** Newest first. For equal steps, a checkpoint's own file precedes a copy of it. */
    private List<Candidate> candidates(Consumer<String> report) {
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : list(path -> name(path).endsWith(SUFFIX) && !isLink(path))) {
            try {
                candidates.add(
                        new Candidate(file, TrainState.fromMetadata(file.toString(), Safetensors.readMetadata(file))));
            } catch (InputException e) {
                report.accept(e.getMessage() + "; skipped");
            }
        }
        candidates.sort(Comparator.comparingLong(
                        (Candidate candidate) -> -candidate.state().step())
                .thenComparing(candidate -> -candidate.state().epochsEnded())
                .thenComparing(candidate -> isPointer(candidate.file()))
                .thenComparing(Candidate::file));
        return candidates;
    }

    /** Returns the label as a file name, with the step if another step has that name. */
    private String freeName(SaveRequest request) {
        String name = request.label() + SUFFIX;
        Path file = directory.resolve(name);
        String step = Long.toString(request.state().step());
        boolean taken = Files.exists(file) && !step.equals(metadata(file).get("step"));
        return taken ? request.label() + "_step-" + step + SUFFIX : name;
    }

    /** Keeps files with unreadable headers: whether they must be kept is unknown. */
    private void prune() throws IOException {
        Map<Path, Map<String, String>> states = new LinkedHashMap<>();
        for (Path file : list(CheckpointStore::isState)) {
            Map<String, String> metadata = metadata(file);
            if (!damaged.contains(name(file)) && metadata.containsKey(KEPT)) {
                states.put(file, metadata);
            }
        }
        Set<String> spared = pointedAt();
        spared.addAll(newest(states));
        for (Map.Entry<Path, Map<String, String>> state : states.entrySet()) {
            if (!spared.contains(name(state.getKey()))
                    && "false".equals(state.getValue().get(KEPT))) {
                Files.delete(state.getKey());
            }
        }
    }

    /** If a step was saved before and after its evaluation, only the later file counts. */
    private List<String> newest(Map<Path, Map<String, String>> states) {
        Map<Long, String> byStep = new LinkedHashMap<>();
        states.entrySet().stream()
                .sorted(Comparator.comparingLong(
                                (Map.Entry<Path, Map<String, String>> state) -> -number(state.getValue(), "step"))
                        .thenComparing(state -> -number(state.getValue(), "epochs_ended")))
                .forEach(state -> byStep.putIfAbsent(number(state.getValue(), "step"), name(state.getKey())));
        return byStep.values().stream().limit(keepLast).toList();
    }

    private Set<String> pointedAt() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path pointer : List.of(last(), best())) {
            names.add(
                    Files.isSymbolicLink(pointer)
                            ? name(Files.readSymbolicLink(pointer))
                            : metadata(pointer).getOrDefault(FILE, ""));
        }
        return names;
    }

    private static long number(Map<String, String> metadata, String key) {
        return Long.parseLong(metadata.getOrDefault(key, "-1"));
    }

    private void removeLeftovers() throws IOException {
        for (Path leftover : list(CheckpointStore::isTemporary)) {
            Files.delete(leftover);
        }
    }

    private static Map<String, String> metadata(Path file) {
        try {
            return Files.exists(file) ? Safetensors.readMetadata(file) : Map.of();
        } catch (InputException e) {
            return Map.of();
        }
    }

    private List<Path> list(Predicate<Path> requested) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(requested).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": can't be listed: " + e.getMessage(), e);
        }
    }

    private static boolean isState(Path file) {
        return name(file).startsWith("epoch-") && name(file).endsWith(SUFFIX);
    }

    private static boolean isTemporary(Path file) {
        return name(file).endsWith(SUFFIX + Safetensors.TEMPORARY_SUFFIX);
    }

    private static boolean isLink(Path file) {
        return isPointer(file) && Files.isSymbolicLink(file);
    }

    private static boolean isPointer(Path file) {
        return name(file).equals(LAST) || name(file).equals(BEST);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
