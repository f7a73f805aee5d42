package yolompi.ranks;

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
 * Log folders of ranks: {@code target/rank-logs/CLASS/TEST/N-PROGRAM}, and {@code CLASS/set-up} for
 * what runs before all tests of a class. Folders of failed tests are kept. JUnit registers this
 * extension automatically for every test.
 */
public final class RankLogs implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** The folder of all logs. */
    public static final Path ROOT = Path.of("target", "rank-logs").toAbsolutePath();

    private static Path setUpFolder = ROOT.resolve("outside");
    private static Path testFolder = setUpFolder;
    private static Path current = setUpFolder;
    private static boolean testFailed;
    private static int tests;
    private static int programs;

    /** Creates the folder of a program that the current test starts. */
    static synchronized Path newFolder(String program) {
        programs++;
        try {
            return Files.createDirectory(Files.createDirectories(current).resolve(programs + "-" + program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rest of this test logs for its whole class, because other tests use what it starts. */
    static void keepForClass() {
        current = setUpFolder;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        delete(classFolder(context)); // of an earlier run
        setUpFolder = classFolder(context).resolve("set-up");
        current = setUpFolder;
        testFailed = false;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        tests++;
        testFolder =
                classFolder(context).resolve(context.getRequiredTestMethod().getName() + "-" + tests);
        current = testFolder;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            delete(testFolder);
        } else {
            testFailed = true;
        }
        current = setUpFolder;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getExecutionException().isEmpty() && !testFailed) {
            delete(classFolder(context));
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
