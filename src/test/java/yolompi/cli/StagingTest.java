package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.data.shard.ShardSet;
import yolompi.data.shard.ShardStage;
import yolompi.ranks.RankLauncher;
import yolompi.ranks.RankOutcome;

/** Node-local copies of shards. Two ranks have distinct host names, as if on two nodes. */
@Tag("mpi")
class StagingTest {
    @TempDir
    private static Path folder;

    private static PackedShapes shapes;
    private static Path recipe;

    @BeforeAll
    static void drawShapes() throws IOException {
        shapes = PackedShapes.in(Files.createDirectory(folder.resolve("shapes")), 8, 4);
        recipe = shapes.recipe("staged", PackedShapes.ONE_EPOCH);
    }

    /** The stage folder of each rank, without the number of its node. */
    private static Path stage(String name) {
        return folder.resolve(name + "-node");
    }

    private static RankOutcome train(String name) {
        return RankLauncher.ofMain(Main.class)
                .ranks(2)
                .under(
                        "unshare",
                        "--uts",
                        "sh",
                        "-c",
                        "hostname node$OMPI_COMM_WORLD_RANK; exec \"$0\" \"$@\" --stage \"$STAGE$OMPI_COMM_WORLD_RANK\"")
                .environment("STAGE", stage(name).toString())
                .run(
                        "train",
                        recipe.toString(),
                        "--run-dir",
                        folder.resolve(name).toString());
    }

    private static Path copy(String name, int node) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(stage(name).toString() + node))) {
            List<Path> copies = files.filter(Files::isDirectory).toList();
            try (ShardSet set = ShardSet.open(shapes.train())) {
                return copies.stream()
                        .filter(path -> path.endsWith("shards-" + set.fingerprint()))
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    @Test
    void nodesReuseTheirCopyAndRefuseADamagedOne() throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "needs root to name hosts: run mpi/verify.sh as root, for example in a container");
        RankOutcome first = train("first");
        assertThat(first.exitCode()).as(first.outputs().toString()).isZero();
        assertThat(Files.readString(folder.resolve("first/train.log")))
                .containsPattern("staged .*train on node0 in .*MiB copied and verified")
                .containsPattern("staged .*val on node1 in .*MiB copied and verified");
        for (int node = 0; node < 2; node++) {
            assertThat(copy("first", node).resolve("shard-00000.h5"))
                    .hasSameBinaryContentAs(shapes.train().resolve("shard-00000.h5"));
        }
        // The saved recipe names the data set, not the copies.
        assertThat(Files.readString(folder.resolve("first/recipe.toml")))
                .contains(shapes.train().toString());
        assertThat(shapes.train())
                .isDirectoryNotContaining(file -> file.toString().contains("lock"));

        Files.move(Path.of(stage("first") + "0"), Path.of(stage("second") + "0"));
        Files.move(Path.of(stage("first") + "1"), Path.of(stage("second") + "1"));
        RankOutcome second = train("second");
        assertThat(second.exitCode()).as(second.outputs().toString()).isZero();
        assertThat(Files.readString(folder.resolve("second/train.log")))
                .containsPattern("staged .*train on node0 in .*already there")
                .doesNotContain("copied and verified");

        Path shard = copy("second", 1).resolve("shard-00000.h5");
        Files.write(shard, new byte[10]);
        Files.move(Path.of(stage("second") + "0"), Path.of(stage("third") + "0"));
        Files.move(Path.of(stage("second") + "1"), Path.of(stage("third") + "1"));
        RankOutcome third = train("third");
        assertThat(third.exitCode()).isEqualTo(1);
        assertThat(third.output(0)).contains("rank 1", "shard-00000.h5", "differs from", "delete the copy");
        assertThat(folder.resolve("third")).doesNotExist();
    }

    @Test
    void interruptedCopyIsReplaced() throws IOException {
        try (ShardSet set = ShardSet.open(shapes.train())) {
            Path unfinished = folder.resolve("cut/.shards-" + set.fingerprint() + ".unfinished-1");
            Files.createDirectories(unfinished);
            Files.write(unfinished.resolve("shard-00000.h5"), new byte[10]);
            new ShardStage(folder.resolve("cut")).copy(shapes.train());
            assertThat(unfinished).doesNotExist();
            assertThat(folder.resolve("cut/shards-" + set.fingerprint() + "/shard-00000.h5"))
                    .hasSameBinaryContentAs(shapes.train().resolve("shard-00000.h5"));
        }
    }

    @Test
    void incompleteCopyIsReplaced() throws IOException {
        ShardStage stage = new ShardStage(folder.resolve("cleared"));
        Path shard = stage.copy(shapes.train()).folder().resolve("shard-00000.h5");
        Path old = Files.createFile(shard.resolveSibling("shard-00001.h5"));
        Files.delete(shard);
        assertThat(stage.copy(shapes.train()).bytes()).isPositive();
        assertThat(shard).hasSameBinaryContentAs(shapes.train().resolve("shard-00000.h5"));
        assertThat(old).doesNotExist();
        assertThat(stage.copy(shapes.train()).bytes()).isZero();
    }
}
