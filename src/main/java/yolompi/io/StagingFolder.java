package yolompi.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import yolompi.InputException;

/**
 * An output folder that appears completely or not at all. It is written under a temporary name
 * beside the target and then renamed. If it is closed before that, also by Ctrl-C, it leaves no
 * files behind.
 */
public final class StagingFolder implements AutoCloseable {
    private static final int DELETE_ATTEMPTS = 5;

    private final Path target;
    private final Path staging;
    private final Path firstCreated;
    private final Thread onExit = new Thread(this::delete, "remove unfinished output");

    private StagingFolder(Path target, Path staging, Path firstCreated) {
        this.target = target;
        this.staging = staging;
        this.firstCreated = firstCreated;
    }

    /**
     * Creates a temporary folder beside the target.
     *
     * @throws InputException if the target exists and is not an empty folder
     */
    public static StagingFolder beside(Path given) {
        requireFree(given);
        Path target = real(given);
        Path staging = target.resolveSibling(
                unfinishedNames(target) + ProcessHandle.current().pid());
        Path firstCreated = staging;
        while (!Files.exists(firstCreated.getParent())) {
            firstCreated = firstCreated.getParent();
        }
        StagingFolder folder = new StagingFolder(target, staging, firstCreated);
        Runtime.getRuntime().addShutdownHook(folder.onExit);
        try {
            Files.createDirectories(staging);
            return folder;
        } catch (IOException failure) {
            folder.close();
            throw new InputException(
                    "--out %s: cannot create the folder (%s)".formatted(given, failure.getMessage()), failure);
        }
    }

    /**
     * Checks that the target may be created.
     *
     * @throws InputException if the target exists and is not an empty folder, or cannot be replaced
     */
    public static void requireFree(Path target) {
        if (!Files.exists(target)) {
            if (Files.isSymbolicLink(target)) {
                throw new InputException(
                        "--out %s: found a dangling link, expected a new or empty folder".formatted(target));
            }
            requireRoomFor(target);
            return;
        }
        if (isMountPoint(real(target))) {
            throw new InputException(
                    "--out %s: found the root of a file system, which cannot be replaced; name a new folder in it"
                            .formatted(target));
        }
        try (var entries = Files.list(target)) {
            if (entries.findAny().isPresent()) {
                throw new InputException(
                        "--out %s: found files there, expected a new or empty folder; nothing is overwritten:"
                                        .formatted(target)
                                + " name another folder or delete this one");
            }
        } catch (IOException failure) {
            throw new InputException("--out %s: found a path that is not a readable folder".formatted(target), failure);
        }
    }

    /** Checked before the work, which may take hours. */
    private static void requireRoomFor(Path target) {
        Path above = target.toAbsolutePath().normalize();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw new InputException(
                    "--out %s: %s is not a writable folder; name another location".formatted(target, above));
        }
    }

    /**
     * Resolves links: a link at the target would block the final rename, and its destination has
     * the space.
     */
    private static Path real(Path target) {
        try {
            return Files.exists(target)
                    ? target.toRealPath()
                    : target.toAbsolutePath().normalize();
        } catch (IOException failure) {
            throw new InputException("--out %s: found a path that is not a readable folder".formatted(target), failure);
        }
    }

    private static boolean isMountPoint(Path real) {
        try {
            return real.getParent() == null
                    || !Files.getAttribute(real, "unix:dev").equals(Files.getAttribute(real.getParent(), "unix:dev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return false;
        }
    }

    private static String unfinishedNames(Path target) {
        return "." + target.getFileName() + ".unfinished-";
    }

    /**
     * Deletes the remains that killed processes have left beside a target. Call this only while no
     * other process writes the target.
     */
    public static void deleteUnfinished(Path target) throws IOException {
        try (var siblings = Files.list(target.getParent())) {
            for (Path left : siblings.filter(
                            path -> path.getFileName().toString().startsWith(unfinishedNames(target)))
                    .toList()) {
                deleteTree(left);
            }
        }
    }

    public Path path() {
        return staging;
    }

    /**
     * Moves the finished folder to its final place; never after Ctrl-C has started to delete it.
     */
    public synchronized void publish() {
        requireFree(target);
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot rename " + staging + " to " + target, failure);
        }
        Runtime.getRuntime().removeShutdownHook(onExit);
    }

    @Override
    public void close() {
        if (Files.exists(staging)) {
            delete();
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }

    /**
     * On Ctrl-C other threads and ranks may still be writing. So this renames the folder first, and
     * repeats the deletion for files that appear later.
     */
    private synchronized void delete() {
        setAside();
        for (int attempt = 1;
                attempt <= DELETE_ATTEMPTS && (Files.exists(firstCreated) || Files.exists(aside()));
                attempt++) {
            try {
                deleteContentAndParents();
            } catch (IOException | UncheckedIOException failure) {
                if (attempt == DELETE_ATTEMPTS) {
                    System.err.println("cannot delete the unfinished folder " + staging + ": " + failure.getMessage());
                }
            }
        }
    }

    private Path aside() {
        return staging.resolveSibling(staging.getFileName() + "-removed");
    }

    private void setAside() {
        try {
            Files.move(staging, aside(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException stays) {
            // Then it is deleted in place.
        }
    }

    /** Deletes only parents that did not exist before. */
    private void deleteContentAndParents() throws IOException {
        for (Path left : List.of(aside(), staging)) {
            if (Files.exists(left)) {
                deleteTree(left);
            }
        }
        for (Path parent = staging; !parent.equals(firstCreated); ) {
            parent = parent.getParent();
            Files.deleteIfExists(parent);
        }
    }

    public static void deleteTree(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            List<Path> contentFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : contentFirst) {
                Files.deleteIfExists(path);
            }
        }
    }
}
