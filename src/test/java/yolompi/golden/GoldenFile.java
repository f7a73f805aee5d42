package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text in {@code src/test/resources/yolompi/golden} that the program must keep producing. This
 * command rewrites all of them from the current output:
 *
 * <pre>{@value #COMMAND}</pre>
 *
 * @param name path below that folder
 */
record GoldenFile(String name) {
    static final String COMMAND = "mvn verify '-Dtest=Golden*Test' '-Dit.test=Golden*Test' -Dgolden.write=true";

    private static final Path FOLDER = Path.of("src/test/resources/yolompi/golden");
    /** The folder for the text of a failed comparison, for a diff tool. */
    private static final Path FOUND = Path.of("target/golden");

    /** Whether the tests write the files instead of comparing with them. */
    static boolean isWritten() {
        return Boolean.getBoolean("golden.write");
    }

    Path path() {
        return FOLDER.resolve(name);
    }

    String text() {
        assertThat(path()).as("Write it with: " + COMMAND).exists();
        try {
            return Files.readString(path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String text) {
        write(path(), text);
    }

    /** Compares line by line, or writes the file. */
    void assertHolds(String found) {
        if (isWritten()) {
            write(found);
        } else {
            assertHolds(found, "If this is intended, rewrite the golden files: " + COMMAND);
        }
    }

    /** Compares with a file that must never change. */
    void assertHoldsForever(String found) {
        assertHolds(found, "This file must never change: the program no longer reads what earlier versions wrote.");
    }

    private void assertHolds(String found, String advice) {
        Path actual = FOUND.resolve(name);
        write(actual, found);
        assertThat(path()).as(advice).exists();
        assertThat(actual)
                .as(
                        "The output differs from its golden file. See the difference: diff -u %s %s%n%s",
                        path(), actual, advice)
                .hasSameTextualContentAs(path());
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
