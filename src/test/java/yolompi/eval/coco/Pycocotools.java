package yolompi.eval.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs pycocotools, the reference, in a Python process: the one that {@code mpi/verify.sh}
 * installs, or {@code python3} of the path.
 */
final class Pycocotools {
    private static final List<String> PYTHONS = List.of("target/pycocotools/bin/python", "python3");

    private final String python;

    private Pycocotools(String python) {
        this.python = python;
    }

    /** Skips the test if no Python has pycocotools. */
    static Pycocotools orSkip() throws IOException, InterruptedException {
        for (String python : PYTHONS) {
            boolean there = !python.contains("/") || Files.isExecutable(Path.of(python));
            if (there && has(python)) {
                return new Pycocotools(python);
            }
        }
        return abort("pycocotools is not installed in any of " + PYTHONS
                + "; run pip install pycocotools, or mpi/verify.sh, which installs it");
    }

    /**
     * The metrics of all pairs {@code NAME-gt.json} and {@code NAME-dt.json} in a folder, by name.
     */
    JsonNode scores(Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("scores.py");
        try (var source = Pycocotools.class.getResourceAsStream("pycocotools_scores.py")) {
            Files.copy(source, script);
        }
        Path out = folder.resolve("scores.json");
        Path err = folder.resolve("scores.log");
        int status = run(new ProcessBuilder(python, script.toString(), folder.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()));
        assertThat(status).as(() -> "pycocotools: " + read(err)).isZero();
        return new ObjectMapper().readTree(out.toFile());
    }

    private static boolean has(String python) throws InterruptedException {
        try {
            return run(new ProcessBuilder(python, "-c", "import pycocotools.cocoeval")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD))
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private static int run(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS))
                    .as("python has ended")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
