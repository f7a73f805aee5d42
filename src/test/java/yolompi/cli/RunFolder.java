package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;

/** The run folder of a training; it may not exist yet. */
record RunFolder(Path folder) {
    private Path last() {
        return folder.resolve("checkpoints/last.safetensors");
    }

    /** Arguments that train a recipe into this folder. */
    String[] trainArguments(Path recipe, String... more) {
        return Stream.concat(Stream.of("train", recipe.toString(), "--run-dir", folder.toString()), Stream.of(more))
                .toArray(String[]::new);
    }

    /** Metadata of the last checkpoint. */
    String metadata(String key) {
        return Safetensors.readMetadata(last()).get(key);
    }

    long lastStep() {
        return Long.parseLong(metadata("step"));
    }

    /** The steps that have a row in {@code metrics.csv}. */
    List<Integer> reportedSteps() throws IOException {
        return rows().filter(row -> row[0].equals("step"))
                .map(row -> Integer.valueOf(row[2]))
                .toList();
    }

    void assertSameWeights(RunFolder other) {
        Checkpoint expected = Safetensors.read(last());
        Checkpoint found = Safetensors.read(other.last());
        assertThat(found.tensors()).hasSameSizeAs(expected.tensors()).isNotEmpty();
        for (NamedTensor tensor : expected.tensors()) {
            assertThat(found.tensor(tensor.name()).orElseThrow().bytes())
                    .as(tensor.name())
                    .isEqualTo(tensor.bytes());
        }
    }

    /** Epoch, step and losses of all rows of one kind. */
    List<List<String>> losses(String kind) throws IOException {
        return rows().filter(row -> row[0].equals(kind))
                .map(row -> List.of(row[1], row[2], row[4], row[5], row[6], row[7]))
                .toList();
    }

    /** The time of each row. */
    List<Double> seconds() throws IOException {
        return rows().map(row -> Double.valueOf(row[3])).toList();
    }

    private Stream<String[]> rows() throws IOException {
        return Files.readAllLines(folder.resolve("metrics.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1));
    }

    /** The file to which a rank writes the samples of its steps. */
    Path trace(int rank, int ranks) {
        return folder.resolve("samples/rank-%d-of-%d.csv".formatted(rank, ranks));
    }

    /**
     * The samples of each step, sorted, because their order depends on the number of ranks. Of a
     * repeated step, only the last attempt.
     */
    Map<Long, List<String>> samples() throws IOException {
        Map<Long, TreeMap<Long, Map<Integer, List<String>>>> byStepAttemptRank = new TreeMap<>();
        Path traces = folder.resolve("samples");
        if (!Files.exists(traces)) {
            return Map.of(); // ended before its first step
        }
        try (Stream<Path> files = Files.list(traces)) {
            for (Path file : files.toList()) {
                int rank = Integer.parseInt(file.getFileName().toString().split("-", -1)[1]);
                for (String line : Files.readAllLines(file)) {
                    List<String> fields = List.of(line.split(",", -1));
                    byStepAttemptRank
                            .computeIfAbsent(Long.valueOf(fields.get(0)), step -> new TreeMap<>())
                            .computeIfAbsent(Long.valueOf(fields.get(1)), attempt -> new TreeMap<>())
                            .put(rank, fields.subList(2, fields.size()));
                }
            }
        }
        Map<Long, List<String>> samples = new TreeMap<>();
        byStepAttemptRank.forEach((step, attempts) -> {
            List<String> all = new ArrayList<>();
            attempts.lastEntry().getValue().values().forEach(all::addAll);
            samples.put(step, all.stream().sorted().toList());
        });
        return samples;
    }
}
