package yolompi.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FrameGrabber;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;

/**
 * A network with known detections, and images for it. A red cell of 16 × 16 pixels is an object, of
 * class 0 if the cell is also green, of class 1 if it is also blue.
 */
public final class ColoredCells {
    public static final int SIZE = 64;
    public static final int EDGE = 16;
    /** Used as a folder name, the first class name would escape the output folder. */
    static final List<String> NAMES = List.of("../first", "second");

    private static final String CFG = """
            [net]
            [maxpool]
            size=16
            stride=16
            padding=0
            [convolutional]
            filters=7
            activation=linear
            [yolo]
            mask=0
            anchors=16,16
            classes=2
            """;
    /** Weights of red, green and blue for the channels x, y, w, h, objectness and two classes. */
    private static final float[][] WEIGHTS = {
        {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {20, 0, 0}, {0, 20, 0}, {0, 0, 20}
    };

    private static final float[] BIASES = {0, 0, 0, 0, -10, -10, -10};

    private final Path folder;

    public ColoredCells(Path folder) {
        this.folder = folder;
    }

    /** A square of one color, in pixels of its image. */
    public record Square(int x, int y, int edge, Color color) {}

    /** Arguments of {@code weights import} that write this network to a checkpoint. */
    public List<String> importArguments(Path checkpoint) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20 + 4 * 4 * BIASES.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0).putInt(2).putInt(5).putLong(0);
        for (float bias : BIASES) {
            bytes.putFloat(bias);
        }
        for (float[] channel : WEIGHTS) {
            for (float weight : channel) {
                bytes.putFloat(weight);
            }
        }
        Path weights = Files.write(folder.resolve("cells.weights"), bytes.array());
        Path cfg = Files.writeString(folder.resolve("cells.cfg"), CFG);
        Path names = Files.write(folder.resolve("names"), NAMES);
        return Stream.of(
                        "weights",
                        "import",
                        "--cfg",
                        cfg,
                        "--names",
                        names,
                        "--size",
                        SIZE,
                        weights,
                        "--out",
                        checkpoint)
                .map(Object::toString)
                .toList();
    }

    public Path image(String name, int width, int height, Square... squares) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (Square square : squares) {
            graphics.setColor(square.color());
            graphics.fillRect(square.x(), square.y(), square.edge(), square.edge());
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /**
     * Motion JPEG: an object of class 0 moves one cell to the right in each frame and starts again
     * at the left.
     */
    public Path video(String name, int frames) throws IOException {
        return video(name, frames, SIZE, SIZE);
    }

    /** The video of {@link #video} in another size, which may clip the object. */
    Path video(String name, int frames, int width, int height) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (Size size = new Size(width, height);
                VideoWriter writer = new VideoWriter(
                        file.toString(),
                        VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
                        10,
                        size)) {
            for (int i = 0; i < frames; i++) {
                Mat frame = new Mat(size, opencv_core.CV_8UC3, Scalar.all(0));
                frame.apply(new Rect(EDGE * (i % 4), 0, EDGE, Math.min(EDGE, height)))
                        .put(new Scalar(0, 255, 255, 0)); // BGR
                writer.write(frame);
            }
        }
        return file;
    }

    static int frameCount(Path video) throws FrameGrabber.Exception {
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(video.toFile())) {
            grabber.start();
            int frames = 0;
            while (grabber.grabImage() != null) {
                frames++;
            }
            return frames;
        }
    }
}
