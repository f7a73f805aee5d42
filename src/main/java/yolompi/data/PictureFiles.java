package yolompi.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import yolompi.InputException;

/** Image files as they lie in folders, without annotations; the damaged ones are set apart at once. */
public final class PictureFiles implements SampleSource {
    private record Picture(Path file, int width, int height) {}

    private final List<Picture> pictures = new ArrayList<>();
    private final Map<Path, String> damaged = new LinkedHashMap<>();

    private PictureFiles() {}

    /**
     * Finds and decodes all images.
     *
     * @param paths image files, or folders that are searched with their subfolders
     * @throws InputException where a path doesn't exist, or there is no image at all
     */
    public static PictureFiles find(List<Path> paths) {
        PictureFiles found = new PictureFiles();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new InputException(path + ": no such file or folder; expected images");
            }
            List<Path> files = Files.isDirectory(path) ? new ImageFolder(path).files() : List.of(path);
            files.forEach(found::add);
        }
        if (found.pictures.isEmpty() && found.damaged.isEmpty()) {
            throw new InputException("no image (jpg, png, bmp, webp, tif) in " + paths);
        }
        return found;
    }

    private void add(Path file) {
        try {
            CheckedImage image = ImageCheck.of(bytes(file));
            pictures.add(new Picture(file, image.width(), image.height()));
        } catch (DamagedImageException e) {
            damaged.put(file, e.getMessage());
        }
    }

    /** What can't be read, and why. */
    public Map<Path, String> damaged() {
        return damaged;
    }

    @Override
    public int size() {
        return pictures.size();
    }

    public Path file(int index) {
        return pictures.get(index).file();
    }

    /** Width of the upright image, pixels. */
    public int width(int index) {
        return pictures.get(index).width();
    }

    /** Height of the upright image, pixels. */
    public int height(int index) {
        return pictures.get(index).height();
    }

    @Override
    public Sample read(int index) {
        Picture picture = pictures.get(index);
        return new Sample(
                index,
                picture.file().toString(),
                picture.width(),
                picture.height(),
                Encoding.JPEG,
                bytes(picture.file()),
                List.of());
    }

    /** The upright image, uint8 {@code [height,width,3]}, RGB. */
    public byte[] pixels(int index) {
        byte[] file = bytes(file(index));
        byte[] pixels = new byte[3 * width(index) * height(index)];
        try (BytePointer bytes = new BytePointer(file);
                Mat row = new Mat(1, file.length, opencv_core.CV_8UC1, bytes);
                Mat bgr = opencv_imgcodecs.imdecode(row, opencv_imgcodecs.IMREAD_COLOR);
                Mat rgb = new Mat()) {
            opencv_imgproc.cvtColor(bgr, rgb, opencv_imgproc.COLOR_BGR2RGB);
            rgb.data().get(pixels);
        }
        return pixels;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": can't be read: " + e.getMessage(), e);
        }
    }
}
