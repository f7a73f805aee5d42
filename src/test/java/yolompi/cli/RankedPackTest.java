package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.ranks.RankJob;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Packing on several ranks, compared with packing in one process. */
@Tag("mpi")
class RankedPackTest {
    @TempDir
    private static Path folder;

    /** 300 images, one of them damaged and one missing, for shards of one MiB. */
    @BeforeAll
    static void drawShapes() throws IOException {
        assertThat(Main.commandLine()
                        .execute(
                                "shapes",
                                "--out",
                                drawn().toString(),
                                "--images",
                                "300",
                                "--val-images",
                                "1",
                                "--size",
                                "96"))
                .isZero();
        Path damaged = drawn().resolve("images/000007.jpg");
        byte[] bytes = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(bytes, bytes.length / 2));
        Files.delete(drawn().resolve("images/000123.jpg"));
    }

    private static Path drawn() {
        return folder.resolve("drawn");
    }

    private static RankOutcome pack(int ranks, Path out, String... more) {
        return RankLauncher.ofMain(Main.class).ranks(ranks).run(arguments(out, more));
    }

    private static String[] arguments(Path out, String... more) {
        return Stream.concat(
                        Stream.of(
                                "pack",
                                "--format",
                                "yolo",
                                "--images",
                                drawn().resolve("images").toString(),
                                "--annotations",
                                drawn().resolve("labels").toString(),
                                "--split",
                                drawn().resolve("train.txt").toString(),
                                "--names",
                                drawn().resolve("names.txt").toString(),
                                "--shard-mib",
                                "1",
                                "--out",
                                out.toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void threeRanksWriteTheFilesOfOneProcess() throws IOException {
        Path one = folder.resolve("one");
        Path three = folder.resolve("three");
        assertThat(pack(1, one, "--encoding", "raw", "--size", "64").exitCode()).isZero();
        RankOutcome outcome = pack(3, three, "--encoding", "raw", "--size", "64");
        assertThat(outcome.exitCode()).as(outcome.outputs().toString()).isZero();

        List<Path> names = filesOf(one);
        assertThat(names).hasSizeGreaterThanOrEqualTo(3);
        assertThat(filesOf(three)).isEqualTo(names);
        for (Path name : names) {
            assertThat(three.resolve(name)).as(name.toString()).hasSameBinaryContentAs(one.resolve(name));
        }
        assertThat(outcome.output(0)).contains("000007.jpg", "000123.jpg", "fingerprint");
        assertThat(outcome.output(1)).doesNotContain("fingerprint");
    }

    @Test
    void tooManyBadImagesAreReportedOnceAndLeaveNoFiles() throws IOException {
        RankOutcome outcome = pack(3, folder.resolve("refused"), "--max-bad-percent", "0.1");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output(0))
                .containsOnlyOnce("2 of 300 images are bad")
                .contains("--max-bad-percent");
        assertThat(outcome.output(1) + outcome.output(2)).doesNotContain("images are bad");
        assertThat(folder.resolve("refused")).doesNotExist();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void killedRankLeavesNoFiles() throws IOException {
        RankLauncher launcher = RankLauncher.ofMain(Main.class).ranks(3);
        try (RankJob job = launcher.start(arguments(folder.resolve("killed"), "--encoding", "raw", "--size", "608"))) {
            List<ProcessHandle> ranks =
                    IntStream.range(0, 3).mapToObj(job::process).toList();
            while (unfinished().isEmpty() && ranks.get(2).isAlive()) {
                Thread.onSpinWait();
            }
            ranks.get(2).destroyForcibly();
            RankOutcome outcome = job.await();
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.output(0)).contains("rank 2 of 3", "died, packing images");
        }
        assertThat(unfinished()).isEmpty();
        assertThat(folder.resolve("killed")).doesNotExist();
    }

    /** mpi/run.sh and the job scripts send the signal to mpirun. */
    @Test
    void signalLeavesNoFiles() throws IOException, InterruptedException {
        RankLauncher launcher = RankLauncher.ofMain(Main.class).ranks(2);
        try (RankJob job = launcher.start(arguments(folder.resolve("told"), "--encoding", "raw", "--size", "608"))) {
            ProcessHandle mpirun = job.launcher();
            while (unfinished().isEmpty() && mpirun.isAlive()) {
                Thread.onSpinWait();
            }
            new ProcessBuilder("kill", "-USR1", Long.toString(mpirun.pid()))
                    .start()
                    .waitFor();
            assertThat(job.await().exitCode()).isNotZero();
        }
        assertThat(unfinished()).isEmpty();
        assertThat(folder.resolve("told")).doesNotExist();
    }

    private static List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains("unfinished")).toList();
        }
    }

    private static List<Path> filesOf(Path set) throws IOException {
        try (Stream<Path> files = Files.list(set)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }
}
