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

/**
 * The saved states of one run, in one folder that one process writes to.
 *
 * <p>A state is a file such as {@code epoch-0012_loss-1.2345_map50-0.6789.safetensors}, or inside of an epoch
 * {@code epoch-0012_step-00001234_loss-1.2345.safetensors}; {@code last.safetensors} and {@code best.safetensors} are relative links to two
 * of them (copies where the file system has no links). At every moment from the first save on the folder holds at least one whole state,
 * wherever a save is interrupted: nothing is removed before the new state has been forced to the disk and renamed. States are found by the
 * steps that they hold, not by the links, so it does not matter where between renaming, linking and removing a process ends.
 */
public final class CheckpointStore {
    private static final String SUFFIX = ".safetensors";
    private static final String LAST = "last" + SUFFIX;
    static final String BEST = "best" + SUFFIX;

    /** Metadata: the name that the state was saved under, by which a copy knows its original. */
    private static final String FILE = "file";

    /** Metadata: whether pruning spares the file. */
    private static final String KEPT = "kept";

    private final Path directory;
    private final int keepLast;

    /** Names of files that {@link #newestValid} found damaged: they are neither removed nor counted. */
    private final Set<String> damaged = new HashSet<>();

    /**
     * A state found in the folder.
     *
     * @param file where it was
     * @param state how far the training had come
     * @param checkpoint the whole, checked content
     */
    public record Found(Path file, TrainState state, Checkpoint checkpoint) {}

    /**
     * A store in a folder that the first save creates.
     *
     * @param keepLast how many of the newest states stay, besides the best and those kept for good; at least 1
     */
    public CheckpointStore(Path directory, int keepLast) {
        if (keepLast < 1) {
            throw new IllegalArgumentException("keepLast = " + keepLast + ": expected at least 1");
        }
        this.directory = directory;
        this.keepLast = keepLast;
    }

    /** Where {@code last.safetensors} is or will be. */
    public Path last() {
        return directory.resolve(LAST);
    }

    /** Where {@code best.safetensors} is or will be. */
    public Path best() {
        return directory.resolve(BEST);
    }

    /** Whether the folder holds a state of some run, valid or not. */
    public boolean holdsStates() {
        return Files.isDirectory(directory) && !list(CheckpointStore::isState).isEmpty();
    }

    /**
     * Saves a state, points last (and best) at it, then removes the states that nothing points at and nobody asked to keep.
     *
     * @return the state's own file
     * @throws UncheckedIOException where the file system refuses; the states saved before are still there
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
            FilePointer.point(last(), file);
            if (request.best()) {
                FilePointer.point(best(), file);
            }
            prune();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": can't save a checkpoint: " + inWords(e), e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException("can't save a checkpoint: " + e.getMessage(), e.getCause());
        }
    }

    /** The JDK's commonest file errors carry the bare path as their message. */
    private static String inWords(IOException failure) {
        return failure instanceof FileSystemException system && system.getReason() == null
                ? system.getClass().getSimpleName() + " " + system.getFile()
                : failure.getMessage();
    }

    /**
     * Finds the newest state by its step, reading it whole.
     *
     * @param report gets one line for every file that was passed over, with the reason
     * @throws UncheckedIOException where the folder can't be listed
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

    /** Newest first; of equal ones the state's own file before a copy of it. */
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

    /** The label as a name; with the step where another state has that name already. */
    private String freeName(SaveRequest request) {
        String name = request.label() + SUFFIX;
        Path file = directory.resolve(name);
        String step = Long.toString(request.state().step());
        boolean taken = Files.exists(file) && !step.equals(metadata(file).get("step"));
        return taken ? request.label() + "_step-" + step + SUFFIX : name;
    }

    /** A file whose header can't be read stays: nobody knows whether it was to be kept. */
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

    /** Of a step that was saved before its evaluation and after it, the file from before counts no more. */
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

    private List<Path> list(Predicate<Path> wanted) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(wanted).sorted().toList();
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
