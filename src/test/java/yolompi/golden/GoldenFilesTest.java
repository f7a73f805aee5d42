package yolompi.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.cli.AllCommands;
import yolompi.cli.ColoredCells;
import yolompi.cli.ColoredCells.Square;
import yolompi.cli.CommandRun;
import yolompi.data.shard.ShardSet;
import yolompi.torch.LoadLibTorch;

/**
 * Texts and files that users read or parse. {@link GoldenFile} says how to rewrite them after an
 * intended change.
 */
@ExtendWith(LoadLibTorch.class)
class GoldenFilesTest {
    private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+");

    @TempDir
    private Path folder;

    static List<List<String>> commands() {
        return AllCommands.words();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfEveryCommand(List<String> command) {
        CommandRun run = run(command, "--help");

        assertThat(run.status()).isZero();
        String name = command.isEmpty() ? "yolo-mpi" : String.join("-", command);
        new GoldenFile("help/" + name + ".txt").assertHolds(run.printed());
    }

    @Test
    void exitStatusOfCommands() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged.safetensors"), "no checkpoint");
        List<List<String>> commands = List.of(
                List.of("--help"),
                List.of("--version"),
                List.of("train", "--help"),
                List.of("model", "yolov3-tiny"),
                List.of(),
                List.of("trian"),
                List.of("bench"),
                List.of("train"),
                List.of("train", "--unknown"),
                List.of("pack", "--format", "csv"),
                List.of("shapes", "--out", "FOLDER/shapes", "--images", "0"),
                List.of("model", "FOLDER/missing.cfg"),
                List.of("report", "FOLDER/missing"),
                List.of("export", "--weights", "FOLDER/damaged.safetensors", "--format", "onnx", "--out", "FOLDER/o"));
        String table = commands.stream()
                .map(words -> statusOf(words) + " yolo-mpi " + String.join(" ", words) + "\n")
                .collect(Collectors.joining());

        assertThat(damaged).exists();
        new GoldenFile("exit-status.txt").assertHolds(table);
    }

    private int statusOf(List<String> words) {
        return run(words.stream()
                        .map(word -> word.replace("FOLDER", folder.toString()))
                        .toList())
                .status();
    }

    /** One image is valid, each of the others has its own problem. */
    @Test
    void packReport() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        Path labels = Files.createDirectory(folder.resolve("labels"));
        List<String> boxes = List.of(
                "0 0.5 0.5 0.25 0.5\n2 0.25 0.25 0.1 0.2\n", // valid
                "1 0.9 0.5 0.5 0.5\n", // extends beyond the image
                "3 0.5 0.5 0 0.5\n7 0.5 0.5 0.25 0.5\n", // zero width; unknown class
                "");
        try (ShardSet shards = ShardSet.open(FirstFormat.VAL)) {
            for (int i = 0; i < boxes.size(); i++) {
                Files.write(images.resolve(i + ".jpg"), shards.read(i).image());
                Files.writeString(labels.resolve(i + ".txt"), boxes.get(i));
            }
        }
        Files.writeString(images.resolve("damaged.jpg"), "no image");
        Files.writeString(labels.resolve("damaged.txt"), "");
        Path names = Files.writeString(folder.resolve("names.txt"), "circle\nsquare\ntriangle\nstar\n");

        CommandRun run = run(
                List.of("pack", "--format", "yolo", "--max-bad-percent", "50"),
                "--images",
                images.toString(),
                "--annotations",
                labels.toString(),
                "--names",
                names.toString(),
                "--out",
                folder.resolve("out").toString());

        assertThat(run.status()).as(run.errors()).isZero();
        new GoldenFile("pack-report.json").assertHolds(masked(folder.resolve("out/pack-report.json")));
    }

    /** The inputs are an image with two objects and a video of two frames. */
    @Test
    void predictions() throws IOException {
        ColoredCells cells = new ColoredCells(folder);
        Path weights = folder.resolve("cells.safetensors");
        assertThat(run(cells.importArguments(weights)).status()).isZero();
        Path picture = cells.image(
                "in/picture.png",
                ColoredCells.SIZE,
                ColoredCells.SIZE,
                new Square(0, 0, ColoredCells.EDGE, Color.YELLOW),
                new Square(32, 16, ColoredCells.EDGE, Color.MAGENTA));
        Path film = cells.video("in/film.avi", 2);

        CommandRun run = run(
                List.of("predict", "--no-pictures", "--yolo", "--coco"),
                "--weights",
                weights.toString(),
                "--out",
                folder.resolve("out").toString(),
                picture.toString(),
                film.toString());

        assertThat(run.status()).as(run.errors()).isZero();
        for (String file : List.of("predictions.json", "detections.json", "labels/picture.txt")) {
            new GoldenFile(file)
                    .assertHolds(rounded(masked(folder.resolve("out").resolve(file))));
        }
    }

    private static CommandRun run(List<String> words, String... more) {
        return CommandRun.of(Stream.concat(words.stream(), Stream.of(more)).toList());
    }

    private String masked(Path file) throws IOException {
        return Files.readString(file).replace(folder.toString(), "FOLDER");
    }

    /** Rounds to three decimals: the last digits of scores differ between processors. */
    private static String rounded(String text) {
        return DECIMAL.matcher(text).replaceAll(match -> "%.3f".formatted(Double.parseDouble(match.group())));
    }
}
