package yolompi.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import yolompi.pack.PackOptions;
import yolompi.pack.PackProgress;
import yolompi.pack.Packer;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;
import yolompi.synthetic.ShapeDataSet;

/**
 * A small drawn and packed data set for tests that train.
 *
 * @param folder contains the images in {@code drawn} and the shards in {@code train} and
 *     {@code val}
 */
public record PackedShapes(Path folder) {
    private static final int SIZE = 96;
    /** A network with the layers of yolov3-tiny and a sixteenth of its filters. */
    public static final String SLIM_TINY = network("slim-tiny.cfg");
    /** A network of six layers with one head, whose backbone is layers 0 to 2. */
    public static final String SMALL = network("small.cfg");
    /** A network whose layer 1 is used by no head. */
    public static final String UNUSED_LAYER = network("unused-layer.cfg");
    /** Recipe lines for one short epoch. */
    public static final String ONE_EPOCH = """
            train.epochs = 1
            train.batch = 4
            data.size = 64
            """;

    private static String network(String cfg) {
        return PackedShapes.class.getResource("/yolompi/" + cfg).getPath();
    }

    /** Draws and packs into an empty folder. */
    public static PackedShapes in(Path folder, int trainImages, int valImages) {
        PackedShapes shapes = new PackedShapes(folder);
        new ShapeDataSet(shapes.drawn(), trainImages, valImages, 7, SIZE).write(PackProgress.NONE);
        shapes.pack("train");
        shapes.pack("val");
        return shapes;
    }

    private Path drawn() {
        return folder.resolve("drawn");
    }

    public Path train() {
        return folder.resolve("train");
    }

    public Path val() {
        return folder.resolve("val");
    }

    /** The label file of an image, in YOLO format. */
    public Path label(int index) {
        return drawn().resolve("labels/%06d.txt".formatted(index));
    }

    /** The file of an image. */
    public Path picture(int index) {
        return drawn().resolve("images/%06d.jpg".formatted(index));
    }

    private void pack(String split) {
        pack(split, drawn().resolve("labels"), folder.resolve(split));
    }

    /** Packs the evaluation images without boxes into a new folder. */
    public void packWithoutBoxes(Path out) {
        try {
            Path labels = Files.createDirectory(folder.resolve("no-labels"));
            for (String image : Files.readAllLines(drawn().resolve("val.txt"))) {
                Files.createFile(labels.resolve(image.replaceFirst("\\.jpg$", ".txt")));
            }
            pack("val", labels, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pack(String split, Path labels, Path out) {
        SourcePaths paths = new SourcePaths(
                drawn().resolve("images"),
                labels,
                Optional.of(drawn().resolve(split + ".txt")),
                Optional.of(drawn().resolve("names.txt")));
        new Packer(
                        new PackOptions(AnnotationFormat.YOLO, paths, out, ImageEncoding.JPEG, SIZE, 64, 0, 1),
                        PackProgress.NONE)
                .pack();
    }

    /** Writes a recipe for a slim yolov3-tiny on these shards; {@code toml} adds other keys. */
    public Path recipe(String name, String toml) {
        return recipe(name, SLIM_TINY, toml);
    }

    /** Writes a recipe for another network. */
    public Path recipe(String name, String cfg, String toml) {
        try {
            String base = """
                    data.train = "%s"
                    data.val = "%s"
                    report.every_steps = 1
                    train.threads = 1
                    data.workers = 1
                    model.cfg = "%s"
                    """.formatted(train(), val(), cfg);
            return Files.writeString(folder.resolve(name + ".toml"), base + toml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips one bit of an image in a shard, as a faulty disk would; a second call restores it. */
    public void damage(Path set, int index) {
        try (var files = Files.list(set)) {
            Path shard = files.filter(file -> file.toString().endsWith(".h5"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(shard);
            byte[] picture = Files.readAllBytes(picture(index));
            byte[] after = Arrays.copyOfRange(picture, picture.length / 2 + 1, picture.length / 2 + 41);
            // ISO 8859-1 has one character per byte, so text positions are file positions.
            int at = new String(bytes, StandardCharsets.ISO_8859_1)
                            .indexOf(new String(after, StandardCharsets.ISO_8859_1))
                    - 1;
            if (at < 0) {
                throw new AssertionError("image " + index + " is not in " + shard);
            }
            bytes[at] ^= 1;
            Files.write(shard, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
