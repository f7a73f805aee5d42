package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.PackedShapes;
import yolompi.torch.LoadLibTorch;

/**
 * Compares the detections of this program and of Darknet (Debian's package of 2018) box by box, for
 * the same weights.
 */
@Tag("program")
@ExtendWith(LoadLibTorch.class)
class DarknetAgreementTest {
    private static final Path DARKNET = Path.of("/usr/bin/darknet");
    private static final int SIZE = 96; // as in the .cfg and the images, so that nothing is resized
    private static final int TRAINED_ON = 48;
    private static final int EVALUATED_ON = 6;
    private static final List<String> NAMES = List.of("circle", "square", "triangle", "star");

    /** The score threshold of {@code darknet detector valid}, which cannot be changed. */
    private static final double THRESHOLD = 0.005;

    /** Rounding may move a score across the threshold. */
    private static final double MARGIN = 0.001;

    private static final double NMS_IOU = 0.45;

    @TempDir
    private Path folder;

    private record Detection(String picture, String name, double score, double[] box) {
        /** Same class; edges differ by at most a pixel, scores by at most 0.01. */
        boolean isClose(Detection other) {
            return picture.equals(other.picture)
                    && name.equals(other.name)
                    && Math.abs(score - other.score) <= 0.01
                    && IntStream.range(0, 4).allMatch(i -> Math.abs(box[i] - other.box[i]) <= 1);
        }

        @Override
        public String toString() {
            return "%s in picture %s, score %.6f, %s".formatted(name, picture, score, Arrays.toString(box));
        }
    }

    @BeforeEach
    void drawImages() throws IOException {
        assumeTrue(
                Files.isExecutable(DARKNET),
                DARKNET + " is missing: apt-get install darknet (Debian), or let mpi/verify.sh install it");
        try (var cfg = DarknetAgreementTest.class.getResourceAsStream("darknet-agreement.cfg")) {
            Files.copy(cfg, folder.resolve("small.cfg"));
        }
        for (String name : List.of("backup", "results", "images", "labels", "pictures")) {
            Files.createDirectory(folder.resolve(name));
        }
        PackedShapes shapes = PackedShapes.in(folder.resolve("shapes"), TRAINED_ON, EVALUATED_ON);
        List<Path> train = new ArrayList<>();
        for (int i = 0; i < TRAINED_ON; i++) {
            // Darknet derives a label's path from its image's and would replace any "raw" in it.
            train.add(Files.copy(shapes.picture(i), folder.resolve("images/" + i + ".jpg")));
            Files.copy(shapes.label(i), folder.resolve("labels/" + i + ".txt"));
        }
        Files.write(folder.resolve("train.txt"), lines(train));
        for (int i = TRAINED_ON; i < TRAINED_ON + EVALUATED_ON; i++) {
            // JPEG decoders differ in the last bit, PNG decoders do not.
            Path png = folder.resolve("pictures/" + i + ".png");
            ImageIO.write(ImageIO.read(shapes.picture(i).toFile()), "png", png.toFile());
        }
        try (Stream<Path> files = Files.list(folder.resolve("pictures"))) {
            Files.write(folder.resolve("valid.txt"), lines(files.sorted().toList()));
        }
        Files.write(folder.resolve("n.names"), NAMES);
        Files.writeString(
                folder.resolve("d.data"),
                "classes=4\ntrain=train.txt\nvalid=valid.txt\nnames=n.names\nbackup=backup\nresults=results\n");
    }

    @Test
    void importedWeightsGiveTheDetectionsOfDarknet() throws Exception {
        darknet("train", "small.cfg");
        Path weights = folder.resolve("backup/small_final.weights");

        importAndPredict("small.cfg", weights);

        assertSameDetections("small.cfg", weights);
    }

    /** The imported .cfg has other classes and another size, like published ones. */
    @Test
    void exportedWeightsAndCfgGiveTheSameDetectionsInDarknet() throws Exception {
        String other = Files.readString(folder.resolve("small.cfg"))
                .replace("classes=4", "classes=80")
                .replace("filters=27", "filters=255")
                .replaceAll("(width|height)=96", "$1=416");
        Files.writeString(folder.resolve("other.cfg"), other);
        importAndPredict("other.cfg", randomWeights());
        Path exported = folder.resolve("exported.weights");
        run("weights", "export", "--weights", checkpoint(), "--out", exported.toString());

        assertSameDetections("exported.cfg", exported);
    }

    private void importAndPredict(String cfg, Path weights) {
        run(
                "weights",
                "import",
                "--cfg",
                file(cfg),
                "--names",
                file("n.names"),
                "--size",
                "" + SIZE,
                weights.toString(),
                "--out",
                checkpoint());
        run(
                "predict",
                "--weights",
                checkpoint(),
                "--out",
                file("drawn"),
                "--confidence",
                "" + (THRESHOLD - MARGIN),
                "--max-detections",
                "10000",
                "--nms-iou",
                "" + NMS_IOU,
                file("pictures"));
    }

    private void assertSameDetections(String cfg, Path weights) throws Exception {
        darknet("valid", cfg, weights.toString());
        List<Detection> darknetDetections = darknetDetections();
        List<Detection> ownDetections = ownDetections();
        List<Detection> certain = ownDetections.stream()
                .filter(found -> found.score() > THRESHOLD + MARGIN)
                .toList();
        assertThat(certain).isNotEmpty();
        assertContained(darknetDetections, ownDetections);
        assertContained(certain, darknetDetections);
    }

    private static void assertContained(List<Detection> some, List<Detection> all) {
        for (Detection one : some) {
            assertThat(all).as("a box close to %s", one).anyMatch(one::isClose);
        }
    }

    /** Darknet writes one line per box: image, score, edges (from 1, clipped to the image). */
    private List<Detection> darknetDetections() throws IOException {
        List<Detection> found = new ArrayList<>();
        for (String name : NAMES) {
            for (String line : Files.readAllLines(folder.resolve("results/comp4_det_test_" + name + ".txt"))) {
                String[] parts = line.split(" ", -1);
                double[] box = new double[4];
                for (int i = 0; i < 4; i++) {
                    box[i] = Double.parseDouble(parts[2 + i]) - 1;
                }
                found.add(new Detection(parts[0], name, Double.parseDouble(parts[1]), box));
            }
        }
        return found;
    }

    private List<Detection> ownDetections() throws IOException {
        List<Detection> found = new ArrayList<>();
        for (JsonNode image : new ObjectMapper()
                .readTree(folder.resolve("drawn/predictions.json").toFile())) {
            String picture =
                    Path.of(image.get("file").asText()).getFileName().toString().replace(".png", "");
            for (JsonNode box : image.get("boxes")) {
                double[] edges = IntStream.range(0, 4)
                        .mapToDouble(
                                i -> Math.min(SIZE - 1, box.get("box").get(i).asDouble()))
                        .toArray();
                found.add(new Detection(
                        picture, box.get("name").asText(), box.get("score").asDouble(), edges));
            }
        }
        return found;
    }

    /**
     * Random weights: every statistic differs from its initial value, and no variance is near 0.
     */
    private Path randomWeights() throws IOException {
        int[][] layers = {
            {8, 27, 1},
            {16, 72, 1},
            {32, 144, 1},
            {32, 288, 1},
            {32, 288, 1},
            {64, 288, 1},
            {27, 64, 0},
            {32, 64, 1},
            {27, 64, 0}
        };
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0).putInt(2).putInt(0).putLong(0);
        Random random = new Random(4);
        for (int[] layer : layers) {
            boolean norm = layer[2] == 1;
            if (norm) {
                fill(bytes, random, layer[0], 0, 0.3); // shift
                fill(bytes, random, layer[0], 1, 0.2); // scale
                fill(bytes, random, layer[0], 0, 0.2); // mean
                IntStream.range(0, layer[0]).forEach(i -> bytes.putFloat(0.3f + random.nextFloat()));
            } else {
                // Few objects: predict shows at most 300.
                IntStream.range(0, layer[0])
                        .forEach(i -> bytes.putFloat(i % 9 == 4 ? -7 : (float) random.nextGaussian()));
            }
            fill(bytes, random, layer[0] * layer[1], 0, Math.sqrt(2.0 / layer[1]));
        }
        Path file = folder.resolve("random.weights");
        byte[] content = new byte[bytes.position()];
        bytes.flip().get(content);
        return Files.write(file, content);
    }

    private static void fill(ByteBuffer bytes, Random random, int count, double mean, double deviation) {
        for (int i = 0; i < count; i++) {
            bytes.putFloat((float) (mean + deviation * random.nextGaussian()));
        }
    }

    private void darknet(String task, String... network) throws Exception {
        List<String> command = new ArrayList<>(List.of(DARKNET.toString(), "detector", task, "d.data"));
        command.addAll(List.of(network));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(task + ".log").toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(10, TimeUnit.MINUTES))
                    .as("darknet ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(() -> String.format(Locale.ROOT, "darknet %s: see %s.log", task, task))
                .isZero();
    }

    private static void run(String... args) {
        assertThat(Main.commandLine().execute(args)).isZero();
    }

    private String checkpoint() {
        return file("imported.safetensors");
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static List<String> lines(List<Path> files) {
        return files.stream().map(Path::toString).toList();
    }
}
