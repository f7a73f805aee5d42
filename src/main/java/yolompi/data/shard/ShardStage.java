package yolompi.data.shard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import yolompi.InputException;
import yolompi.io.OrderedTasks;
import yolompi.io.StagingFolder;

/**
 * Node-local copies of shard sets, in a folder on the node's own disk. A copy is named after the
 * set's fingerprint. It is either complete, with all checksums verified, or absent. So jobs on a
 * node can share it, in sequence or in parallel.
 */
public final class ShardStage {
    private static final int THREADS = 4;

    /** Result of {@link #copy}; {@code bytes} is 0 if the copy existed already. */
    public record Copied(Path folder, long bytes) {}

    private final Path folder;

    /**
     * Creates the stage.
     *
     * @param folder on a disk of this node; created if missing
     */
    public ShardStage(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The path of the copy of a set, whether it exists or not. */
    public Path of(Path set) {
        try (ShardSet shards = ShardSet.open(set)) {
            return folder.resolve("shards-" + shards.fingerprint());
        }
    }

    /**
     * Copies a set unless a complete copy exists. Copies it again if files are missing, for example
     * after a node clean-up. One process per node copies at a time; others wait for it.
     *
     * @throws InputException if the disk is too small, or the copy differs from the set
     */
    public Copied copy(Path set) {
        Path target = of(set);
        try {
            Files.createDirectories(folder);
            try (FileChannel lock = FileChannel.open(
                    folder.resolve(target.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                lock.lock(); // held until the channel is closed
                if (isComplete(target, set)) {
                    return new Copied(target, 0);
                }
                StagingFolder.deleteUnfinished(target);
                if (Files.isDirectory(target)) {
                    StagingFolder.deleteTree(target); // running jobs hold its files open and can still read them
                }
                return copy(set, target);
            }
        } catch (IOException failure) {
            throw new InputException(
                    "--stage %s: cannot copy %s into it: %s; name a folder on this node's own disk"
                            .formatted(folder, set, failure.getMessage()),
                    failure);
        }
    }

    private Copied copy(Path set, Path target) throws IOException {
        List<Path> files = files(set);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new InputException(
                    "--stage %s: found %d MiB free, expected at least %d MiB for %s; name a larger disk or omit --stage"
                            .formatted(folder, free >> 20, bytes >> 20, set));
        }
        try (StagingFolder unfinished = StagingFolder.beside(target);
                OrderedTasks tasks = new OrderedTasks(THREADS)) {
            tasks.forEach(files, file -> copyInto(unfinished.path(), file), file -> {});
            try (ShardSet copied = ShardSet.open(unfinished.path())) {
                copied.verify(records -> {});
            }
            unfinished.publish();
        }
        return new Copied(target, bytes);
    }

    private static Path copyInto(Path folder, Path file) {
        try {
            return Files.copy(file, folder.resolve(file.getFileName()));
        } catch (IOException failure) {
            throw new InputException(
                    "%s: cannot be copied into %s: %s".formatted(file, folder, failure.getMessage()), failure);
        }
    }

    private static boolean isComplete(Path copy, Path set) throws IOException {
        if (!Files.isDirectory(copy)) {
            return false;
        }
        for (Path file : files(set)) {
            Path its = copy.resolve(file.getFileName());
            if (Files.notExists(its)) {
                return false;
            }
            if (!Files.isRegularFile(its) || Files.size(its) != Files.size(file)) {
                throw new InputException(
                        "--stage %s: this copy differs from its source %s; delete the copy".formatted(its, file));
            }
        }
        return true;
    }

    private static List<Path> files(Path set) throws IOException {
        try (Stream<Path> files = Files.list(set)) {
            return files.filter(file -> file.toString().endsWith(".h5"))
                    .sorted()
                    .toList();
        }
    }
}
