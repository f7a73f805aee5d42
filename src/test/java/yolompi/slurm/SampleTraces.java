package yolompi.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sample files that ranks write if {@code report.samples} is true. */
final class SampleTraces {
    private SampleTraces() {}

    /**
     * The samples that all ranks of a run read in each step. Of a repeated step, only the last
     * attempt.
     */
    static Map<Integer, List<String>> of(Path run) throws IOException {
        Map<Integer, TreeMap<Long, List<String>>> attempts = new TreeMap<>();
        try (Stream<Path> files = Files.list(run.resolve("samples"))) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    List<String> fields = List.of(line.split(",", -1));
                    attempts.computeIfAbsent(Integer.valueOf(fields.get(0)), step -> new TreeMap<>())
                            .computeIfAbsent(Long.valueOf(fields.get(1)), attempt -> new ArrayList<>())
                            .addAll(fields.subList(2, fields.size()));
                }
            }
        }
        Map<Integer, List<String>> samples = new TreeMap<>();
        attempts.forEach((step, each) ->
                samples.put(step, each.lastEntry().getValue().stream().sorted().toList()));
        return samples;
    }
}
