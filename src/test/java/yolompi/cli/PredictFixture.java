package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.Safetensors;

/**
 * Runs the command {@code predict} with the network of {@link ColoredCells}; its outputs go to a
 * folder {@code out}.
 */
final class PredictFixture {
    private final Path folder;
    private final ColoredCells cells;
    private CommandRun last;

    /** Imports the network. */
    PredictFixture(Path folder) throws IOException {
        this.folder = folder;
        this.cells = new ColoredCells(folder);
        this.last = CommandRun.of(cells.importArguments(checkpoint()));
        assertThat(last.status()).as(last.errors()).isZero();
    }

    ColoredCells cells() {
        return cells;
    }

    /** Returns the exit status. */
    int run(String options, Path... inputs) {
        Stream<String> fixed = Stream.of("predict", "--weights", checkpoint().toString(), "--out", out("").toString());
        Stream<String> given = Arrays.stream(options.split(" ", -1)).filter(word -> !word.isEmpty());
        Stream<String> named = Stream.of(inputs).map(Path::toString);
        last = CommandRun.of(
                Stream.of(fixed, given, named).flatMap(words -> words).toList());
        return last.status();
    }

    /** Standard output of the last run. */
    String printed() {
        return last.printed();
    }

    /** Standard error of the last run. */
    String errors() {
        return last.errors();
    }

    Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(out(name).toFile());
    }

    /** Names of the files in the output folder or one of its subfolders. */
    List<String> filesIn(String below) throws IOException {
        try (Stream<Path> files = Files.list(out(below))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Changes the metadata of the network's checkpoint. */
    void changeCheckpoint(String key, UnaryOperator<String> change) {
        Checkpoint before = Safetensors.read(checkpoint());
        Map<String, String> metadata = new LinkedHashMap<>(before.metadata());
        metadata.put(key, change.apply(metadata.getOrDefault(key, "")));
        Safetensors.write(checkpoint(), new Checkpoint(metadata, before.tensors()));
    }

    private Path checkpoint() {
        return folder.resolve("cells.safetensors");
    }

    static void assertNumbers(JsonNode found, double... expected) {
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i).asDouble()).isCloseTo(expected[i], within(1e-3));
        }
    }
}
