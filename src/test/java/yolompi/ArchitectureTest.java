package yolompi;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import yolompi.architecture.ArchitectureRules;

/**
 * Checks the rules for packages and files. {@code ArchitectureRulesTest} shows that each rule can
 * fail.
 */
class ArchitectureTest {
    private static final int MAX_LINES = 300;
    private static final int MAX_CLASSES = 25;
    /** More than in other packages: each command is a class. */
    private static final int MAX_CLASSES_OF_COMMANDS = 40;

    private static final Map<String, ArchRule> RULES = new ArchitectureRules("yolompi").byName();

    /** The classes of the program, without test classes. */
    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .importLocations(List.of(Location.of(
                    InputException.class.getProtectionDomain().getCodeSource().getLocation())));

    @TestFactory
    Stream<DynamicTest> programKeepsTheRule() {
        return RULES.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(PROGRAM)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void sourceFilesAreShort(Path sources) throws IOException {
        assertThat(longFiles(sources))
                .as("files of %d lines or more: split them by concept", MAX_LINES)
                .isEmpty();
    }

    @Test
    void longFileIsFound(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("Long.java"), "//\n".repeat(MAX_LINES));
        Files.writeString(folder.resolve("Short.java"), "//\n".repeat(MAX_LINES - 1));
        assertThat(longFiles(folder)).containsExactly(file);
    }

    @Test
    void packagesAreSmall() throws IOException {
        Path sources = Path.of("src/main/java");
        assertThat(largePackages(sources, sources.resolve("yolompi/cli")))
                .as("packages of more than %d classes, or %d commands", MAX_CLASSES, MAX_CLASSES_OF_COMMANDS)
                .isEmpty();
    }

    @Test
    void largePackageIsFound(@TempDir Path folder) throws IOException {
        writeClasses(folder.resolve("full"), MAX_CLASSES);
        writeClasses(folder.resolve("full/inner"), MAX_CLASSES + 1);
        writeClasses(folder.resolve("commands"), MAX_CLASSES_OF_COMMANDS);
        assertThat(largePackages(folder, folder.resolve("commands")))
                .containsOnly(Map.entry(folder.resolve("full/inner"), MAX_CLASSES + 1L));

        writeClasses(folder.resolve("commands"), MAX_CLASSES_OF_COMMANDS + 1);
        assertThat(largePackages(folder, folder.resolve("commands"))).containsKey(folder.resolve("commands"));
    }

    private static void writeClasses(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package-info.java"), "");
        for (int i = 0; i < count; i++) {
            Files.writeString(folder.resolve("Class" + i + ".java"), "");
        }
    }

    /** Number of classes in each package that has too many; nested classes do not count. */
    private static Map<Path, Long> largePackages(Path root, Path commands) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Map<Path, Long> sizes = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.groupingBy(Path::getParent, TreeMap::new, Collectors.counting()));
            assertThat(sizes).containsKey(commands);
            sizes.entrySet()
                    .removeIf(entry -> entry.getValue()
                            <= (entry.getKey().equals(commands) ? MAX_CLASSES_OF_COMMANDS : MAX_CLASSES));
            return sizes;
        }
    }

    private static List<Path> longFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            assertThat(sources).isNotEmpty();
            return sources.stream().filter(ArchitectureTest::isLong).toList();
        }
    }

    private static boolean isLong(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count() >= MAX_LINES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
