package yolompi.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where ranks write: {@code target/rank-logs/CLASS/TEST/N-PROGRAM}, and {@code CLASS/set-up} for what runs before all tests of a class. The
 * folders of tests that fail stay. JUnit finds this extension by itself, for every test.
 */
public final class RankLogs implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** The folder of all logs. */
    public static final Path ROOT = Path.of("target", "rank-logs").toAbsolutePath();

    private static Path current = ROOT.resolve("outside");
    private static int tests;
    private static int programs;

    /** A folder for a program that the current test starts. */
    static synchronized Path newFolder(String program) {
        programs++;
        try {
            return Files.createDirectory(Files.createDirectories(current).resolve(programs + "-" + program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        delete(classFolder(context)); // of an earlier run
        current = classFolder(context).resolve("set-up");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        tests++;
        current = classFolder(context).resolve(context.getRequiredTestMethod().getName() + "-" + tests);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            delete(current);
        }
        current = classFolder(context).resolve("set-up");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            delete(classFolder(context).resolve("set-up"));
            classFolder(context).toFile().delete(); // unless a test has left its folder
        }
    }

    private static Path classFolder(ExtensionContext context) {
        return ROOT.resolve(context.getRequiredTestClass().getName());
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
