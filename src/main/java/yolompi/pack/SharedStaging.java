package yolompi.pack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import yolompi.InputException;
import yolompi.io.StagingFolder;

/**
 * An output folder that several processes write and that appears completely or not at all. Rank 0
 * creates, publishes and deletes it.
 */
final class SharedStaging implements AutoCloseable {
    private final Optional<StagingFolder> own;
    private final Path path;
    private final PackTeam team;

    private SharedStaging(Optional<StagingFolder> own, Path path, PackTeam team) {
        this.own = own;
        this.path = path;
        this.team = team;
    }

    /**
     * Creates the folder; all processes call this.
     *
     * @param bytes required free space
     * @throws RuntimeException on all processes if the target is not empty or its disk is full
     */
    static SharedStaging beside(Path target, long bytes, PackTeam team) {
        List<StagingFolder> made = new ArrayList<>();
        try {
            byte[] name = team.gather(() -> team.rank() == 0 ? make(target, bytes, made, team) : new byte[0])
                    .get(0);
            Path path = Path.of(new String(name, StandardCharsets.UTF_8));
            team.all(() -> requireSeen(path));
            return new SharedStaging(made.stream().findFirst(), path, team);
        } catch (RuntimeException failure) {
            made.forEach(StagingFolder::close);
            throw failure;
        }
    }

    private static byte[] make(Path target, long bytes, List<StagingFolder> made, PackTeam team) {
        made.add(StagingFolder.beside(target));
        team.beforeEnd(made.get(0)::close);
        requireSpace(target, made.get(0).path(), bytes);
        return made.get(0).path().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void requireSpace(Path target, Path folder, long needed) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < needed) {
                throw new InputException("--out %s: found %d MiB free, expected at least %d MiB; name a larger disk"
                        .formatted(target, free >> 20, needed >> 20));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the free space of " + folder, failure);
        }
    }

    private static void requireSeen(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + ": rank 0 created this folder, but this rank does not see it;"
                    + " set --out to a folder that all nodes share, or pack on one node");
        }
    }

    Path path() {
        return path;
    }

    /**
     * Writes the last files and moves the folder to its final place. All processes call this after
     * completing their own files.
     */
    void publish(Consumer<Path> last) {
        team.all(() -> own.ifPresent(folder -> {
            last.accept(folder.path());
            folder.publish();
        }));
    }

    /** Deletes the folder unless it is published. */
    @Override
    public void close() {
        own.ifPresent(StagingFolder::close);
    }
}
