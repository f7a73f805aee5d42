package yolompi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
public final class ProgramVersion {
    private ProgramVersion() {}

    /**
     * The version, such as {@code 0.1.0 (1a2b3c4)}. Without the commit if the sources were no git
     * clone; {@code not run from its jar} if run from classes.
     */
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
