package yolompi.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Folder in which each rank of a job writes its output. */
record RankFolder(Path path, int ranks) {
    private static final int LAST_LINES = 30;

    /** What {@code mpirun} itself writes. */
    Path launcherFile() {
        return path.resolve("mpirun.out");
    }

    /** Where a rank writes, in the folder of its job. */
    static Path outputFile(Path folder, int rank) {
        return folder.resolve(rank + ".out");
    }

    /** What a rank has written so far. */
    String output(int rank) {
        return read(outputFile(path, rank));
    }

    List<String> outputs() {
        return IntStream.range(0, ranks).mapToObj(this::output).toList();
    }

    String lastLines() {
        Stream<String> byRank =
                IntStream.range(0, ranks).mapToObj(rank -> "\n-- rank " + rank + ":\n" + tail(output(rank)));
        String launcher = "\n-- mpirun:\n" + tail(read(launcherFile()));
        return Stream.concat(byRank, Stream.of(launcher)).collect(Collectors.joining()) + "\nall output: " + path;
    }

    private static String tail(String output) {
        List<String> lines = output.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Copies what was written so far into a new folder. */
    void copyTo(Path copy) {
        try (Stream<Path> files = Files.list(path)) {
            Files.createDirectories(copy);
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".out")).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Text of the file so far; empty if it does not exist yet. */
    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
