package yolompi.data.shard;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Locates the native libraries of JHDF5. Open MPI's {@code mpirun} starts {@code java} with
 * {@code -Djava.library.path} set to its own folder only, which hides all other libraries. So this
 * class gives JHDF5 the full paths.
 */
final class Hdf5Library {
    private static final String[] NAMES = {"sis-jhdf5", "cisd_nativedata", "cisd_unix"};

    /** The folder of JNI libraries on Debian and its derivatives. */
    private static final String JNI_FOLDER = "/usr/lib/jni";

    private Hdf5Library() {}

    /** Call before the first use of JHDF5. Paths that the user has set are kept. */
    static void locate() {
        for (String name : NAMES) {
            String property = "native.libpath." + name;
            if (System.getProperty(property) == null) {
                folders()
                        .map(folder -> Path.of(folder, System.mapLibraryName(name)))
                        .filter(Files::isReadable)
                        .findFirst()
                        .ifPresent(library -> System.setProperty(property, library.toString()));
            }
        }
    }

    private static Stream<String> folders() {
        String paths = String.join(
                File.pathSeparator,
                System.getProperty("java.library.path", ""),
                System.getenv().getOrDefault("LD_LIBRARY_PATH", ""),
                JNI_FOLDER);
        return Stream.of(paths.split(File.pathSeparator)).filter(folder -> !folder.isEmpty());
    }
}
