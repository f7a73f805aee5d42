package yolompi.synthetic;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import yolompi.WrongUsageException;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.io.OrderedTasks;
import yolompi.io.StagingFolder;
import yolompi.pack.PackProgress;

/**
 * A data set drawn by the program: circles, squares, triangles and stars on textured backgrounds.
 * Image i depends only on the seed and i. Written as JPEG files in {@code images/}, YOLO label
 * files in {@code labels/}, {@code names.txt}, and the lists {@code train.txt} and {@code val.txt}.
 *
 * @param trainImages number of images in {@code train.txt}, which are the first ones
 * @param valImages number of images in {@code val.txt}, which follow them
 * @param size edge of the square images, pixels
 */
public record ShapeDataSet(Path out, int trainImages, int valImages, long seed, int size) {
    private static final float JPEG_QUALITY = 0.92f;

    public ShapeDataSet {
        require(trainImages >= 1, "--images", trainImages, "at least 1");
        require(valImages >= 0, "--val-images", valImages, "0 or more");
        require(size >= 64 && size <= 4096, "--size", size, "64 to 4096 pixels");
    }

    private static void require(boolean right, String option, int found, String expected) {
        if (!right) {
            throw new WrongUsageException("%s: found %d, expected %s".formatted(option, found, expected));
        }
    }

    /** Draws and writes all images on several threads. If it fails, it leaves no files behind. */
    public void write(PackProgress progress) {
        int count = trainImages + valImages;
        progress.start("drawing shapes", count);
        try (StagingFolder folder = StagingFolder.beside(out);
                OrderedTasks tasks = new OrderedTasks(Runtime.getRuntime().availableProcessors())) {
            Files.createDirectories(folder.path().resolve("images"));
            Files.createDirectories(folder.path().resolve("labels"));
            Files.write(folder.path().resolve("names.txt"), ShapeKind.labels());
            writeList(folder.path().resolve("train.txt"), 0, trainImages);
            writeList(folder.path().resolve("val.txt"), trainImages, count);
            tasks.forEach(
                    IntStream.range(0, count).boxed().toList(),
                    index -> writePicture(folder.path(), index),
                    written -> progress.step());
            folder.publish();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + out, failure);
        }
    }

    private static void writeList(Path file, int from, int to) throws IOException {
        Files.write(
                file,
                IntStream.range(from, to)
                        .mapToObj(index -> name(index) + ".jpg")
                        .toList());
    }

    private static String name(int index) {
        return "%06d".formatted(index);
    }

    private Path writePicture(Path folder, int index) {
        ShapeScene scene = new ShapeScene(seed, index, size);
        String labels = scene.boxes().stream().map(this::label).collect(Collectors.joining());
        Path picture = folder.resolve("images/" + name(index) + ".jpg");
        try {
            Files.writeString(folder.resolve("labels/" + name(index) + ".txt"), labels);
            writeJpeg(scene.paint(), picture);
            return picture;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + picture, failure);
        }
    }

    private String label(LabeledBox labeled) {
        Box box = labeled.box();
        return String.format(
                Locale.ROOT,
                "%d %.6f %.6f %.6f %.6f%n",
                labeled.classId(),
                box.centerX() / size,
                box.centerY() / size,
                box.width() / size,
                box.height() / size);
    }

    private static void writeJpeg(BufferedImage picture, Path file) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(JPEG_QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, List.of(), null), quality);
        } finally {
            writer.dispose();
        }
    }
}
