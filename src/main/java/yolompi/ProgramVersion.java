package yolompi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build of the program this is. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /** Such as {@code 0.1.0 (1a2b3c4)}, with the git commit where the sources were a clone; where it runs from classes alone, that. */
    public static String text() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        String commit = commit();
        return (version == null ? "not run from its jar" : version) + (commit.isEmpty() ? "" : " (" + commit + ")");
    }

    private static String commit() {
        try (InputStream in = ProgramVersion.class.getResourceAsStream("git.properties")) {
            Properties build = new Properties();
            if (in != null) {
                build.load(in);
            }
            return build.getProperty("git.commit.id.abbrev", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
