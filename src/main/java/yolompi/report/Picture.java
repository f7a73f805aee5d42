package yolompi.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import yolompi.AtomicFile;
import yolompi.WrongUsageException;

/** Pictures from pixels and into files. */
public final class Picture {
    private static final float JPEG_QUALITY = 0.92f;
    private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";

    static {
        drawWithoutDisplay();
        // Pictures are small; files in /tmp would be left behind by a process that is killed.
        ImageIO.setUseCache(false);
    }

    private Picture() {}

    /**
     * A picture from raw pixels.
     *
     * @param rgb uint8 {@code [height,width,3]}, RGB
     */
    public static BufferedImage ofRgb(byte[] rgb, int width, int height) {
        if (rgb.length != 3 * width * height) {
            throw new IllegalArgumentException("a picture of " + width + " × " + height + " has " + 3 * width * height
                    + " bytes, not " + rgb.length);
        }
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = ((rgb[3 * i] & 0xff) << 16) | ((rgb[3 * i + 1] & 0xff) << 8) | (rgb[3 * i + 2] & 0xff);
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        return picture;
    }

    /**
     * Writes or replaces {@code file} at once, as its ending says: .png, .jpg or .jpeg.
     *
     * @throws WrongUsageException for any other ending
     */
    public static void write(BufferedImage picture, Path file) throws IOException {
        checkEnding(file);
        if (lowerCase(file).endsWith(".png")) {
            AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
        } else {
            AtomicFile.write(file, out -> writeJpeg(copy(picture), out));
        }
    }

    /**
     * Looks at a name before there is a picture.
     *
     * @throws WrongUsageException for an ending that {@link #write} would refuse
     */
    public static void checkEnding(Path file) {
        if (Stream.of(".png", ".jpg", ".jpeg").noneMatch(lowerCase(file)::endsWith)) {
            throw new WrongUsageException(
                    file + ": pictures are written as .jpg, .jpeg or .png; choose one of these endings");
        }
    }

    private static String lowerCase(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** Cluster nodes have no display, yet DISPLAY may be set there; Java would then fail to connect. Needed before the first colour. */
    static void drawWithoutDisplay() {
        System.setProperty("java.awt.headless", "true");
    }

    /** Two pictures of one height, with a gap between them. */
    public static BufferedImage sideBySide(BufferedImage left, BufferedImage right) {
        int gap = 8;
        BufferedImage both = new BufferedImage(
                left.getWidth() + gap + right.getWidth(), left.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = both.createGraphics();
        graphics.drawImage(left, 0, 0, null);
        graphics.drawImage(right, left.getWidth() + gap, 0, null);
        graphics.dispose();
        return both;
    }

    /** A picture so many times as wide and as high. */
    public static BufferedImage enlarged(BufferedImage picture, int times) {
        int width = picture.getWidth() * times;
        int height = picture.getHeight() * times;
        BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return large;
    }

    /** The same picture in RGB without transparency. */
    static BufferedImage copy(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static void writeJpeg(BufferedImage picture, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(JPEG_QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(picture, null, fullColor(writer, picture, settings)), settings);
        } finally {
            writer.dispose();
        }
    }

    /** Colours at full resolution: by default JPEG halves it, and thin coloured lines turn grey. */
    private static IIOMetadata fullColor(ImageWriter writer, BufferedImage picture, ImageWriteParam settings)
            throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(picture), settings);
        Element tree = (Element) metadata.getAsTree(JPEG_METADATA);
        Element brightness =
                (Element) tree.getElementsByTagName("componentSpec").item(0);
        brightness.setAttribute("HsamplingFactor", "1");
        brightness.setAttribute("VsamplingFactor", "1");
        metadata.setFromTree(JPEG_METADATA, tree);
        return metadata;
    }
}
