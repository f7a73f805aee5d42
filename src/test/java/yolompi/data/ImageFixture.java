package yolompi.data;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/** Images drawn and encoded for the tests, without the library under test. */
public final class ImageFixture {
    private ImageFixture() {}

    /** A white rectangle on black; the box has integer coordinates. */
    public static BufferedImage whiteOnBlack(int width, int height, Box box) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect((int) box.x1(), (int) box.y1(), (int) box.width(), (int) box.height());
        pen.dispose();
        return image;
    }

    /** A smooth image whose colors differ everywhere. */
    public static BufferedImage gradient(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = 40 + 180 * x / width;
                int green = 40 + 180 * y / height;
                int blue = 40 + 90 * x / width + 90 * (height - y) / height;
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return image;
    }

    public static BufferedImage noise(int width, int height, long seed) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return image;
    }

    /**
     * Encodes an image.
     *
     * @param format as ImageIO names it: png, jpg, bmp
     */
    public static byte[] encode(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return bytes.toByteArray();
    }

    /** A JPEG file with four components. */
    public static byte[] plainCmyk(int edge, int... levels) throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, edge, edge, 4, null);
        for (int band = 0; band < 4; band++) {
            int[] plane = new int[edge * edge];
            Arrays.fill(plane, levels[band]);
            raster.setSamples(0, 0, edge, edge, band, plane);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(raster, List.of(), null));
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    public static Sample sample(int index, BufferedImage image, String format, LabeledBox... boxes) {
        return new Sample(
                index,
                "picture-" + index,
                image.getWidth(),
                image.getHeight(),
                ImageEncoding.JPEG,
                encode(image, format),
                List.of(boxes));
    }

    public static LabeledBox labeled(float x1, float y1, float x2, float y2) {
        return new LabeledBox(new Box(x1, y1, x2, y2), 0, false);
    }

    /** The box around the pixels of {@code [size,size,3]} that are brighter than the padding. */
    public static Box brightPart(byte[] pixels, int size) {
        int left = size;
        int top = size;
        int right = 0;
        int bottom = 0;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                if (Byte.toUnsignedInt(pixels[(y * size + x) * 3]) > 160) {
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        return new Box(left, top, right, bottom);
    }
}
