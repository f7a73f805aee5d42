package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.shard.ShardSet;

class PackCommandTest {
    @TempDir
    Path folder;

    private final StringWriter errors = new StringWriter();

    private int run(String command, String... args) {
        String[] line = Stream.concat(Stream.of(command), Stream.of(args)).toArray(String[]::new);
        return Main.commandLine().setErr(new PrintWriter(errors, true)).execute(line);
    }

    @Test
    void packPacksTheDataSetOfShapes() {
        String shapes = folder.resolve("shapes").toString();
        assertThat(run("shapes", "--out", shapes, "--images", "6", "--val-images", "2", "--size", "96"))
                .isZero();
        String shards = folder.resolve("shards").toString();
        String[] args = {
            "--format",
            "yolo",
            "--images",
            shapes + "/images",
            "--annotations",
            shapes + "/labels",
            "--split",
            shapes + "/val.txt",
            "--encoding",
            "raw",
            "--size",
            "64",
            "--out",
            shards
        };
        assertThat(run("pack", args)).isZero();
        assertThat(folder.resolve("shards/pack-report.json")).isRegularFile();
        try (ShardSet set = ShardSet.open(folder.resolve("shards"))) {
            assertThat(set.size()).isEqualTo(2);
            assertThat(set.imageId(0)).isEqualTo("000006");
            assertThat(set.names()).containsExactly("circle", "square", "triangle", "star");
        }
    }

    @Test
    void unknownFormatIsWrongUsage() {
        String path = folder.toString();
        int code = run("pack", "--format", "voca", "--images", path, "--annotations", path, "--out", path);
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("--format", "voca", "voc, coco, yolo, list");
    }

    @Test
    void helpShowsEveryDefault() {
        String help = Main.commandLine().getSubcommands().get("pack").getUsageMessage();
        assertThat(help)
                .contains("Default: 416", "Default: jpeg", "Default: 256", "Default: 5", "Default: all images")
                .doesNotContain("Optional");
    }

    @Test
    void failedPackLeavesNoFolder() throws Exception {
        Files.createDirectories(folder.resolve("images"));
        Files.writeString(folder.resolve("list.txt"), "gone.jpg 1,2,3,4,cat\n");
        String out = folder.resolve("deep/er/shards").toString();
        String images = folder.resolve("images").toString();
        String list = folder.resolve("list.txt").toString();
        int code = run("pack", "--format", "list", "--images", images, "--annotations", list, "--out", out);
        assertThat(code).isEqualTo(1);
        assertThat(folder.resolve("deep")).doesNotExist();
    }

    @Test
    void cyclicLinkIsNamed() throws IOException {
        Path images = Files.createDirectories(folder.resolve("looped/sub"));
        Path loop = Files.createSymbolicLink(images.resolve("up"), Path.of(".."));
        String list = Files.writeString(folder.resolve("list.txt"), "gone.jpg 1,2,3,4,cat\n")
                .toString();
        String out = folder.resolve("shards").toString();

        int code = run(
                "pack",
                "--format",
                "list",
                "--images",
                images.getParent().toString(),
                "--annotations",
                list,
                "--out",
                out);

        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).startsWith("yolo-mpi: " + loop + ": is a link to a folder above it");
    }
}
