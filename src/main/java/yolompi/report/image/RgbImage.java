package yolompi.report.image;

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
import yolompi.WrongUsageException;
import yolompi.io.AtomicFile;

/** Creates, copies, scales and writes images. */
public final class RgbImage {
    private static final float JPEG_QUALITY = 0.92f;
    private static final String JPEG_METADATA = "javax_imageio_jpeg_image_1.0";

    static {
        drawWithoutDisplay();
        // A killed process would leave cache files in /tmp, and these images fit in memory.
        ImageIO.setUseCache(false);
    }

    private RgbImage() {}

    /**
     * An image from raw pixels.
     *
     * @param rgb uint8 {@code [height,width,3]}, RGB
     */
    public static BufferedImage ofRgb(byte[] rgb, int width, int height) {
        if (rgb.length != 3 * width * height) {
            throw new IllegalArgumentException("an RGB image of " + width + " × " + height + " pixels has "
                    + 3 * width * height + " bytes, not " + rgb.length);
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
     * Writes or replaces {@code file} atomically. Its extension gives the format: .png, .jpg or
     * .jpeg.
     *
     * @throws WrongUsageException for any other extension
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
     * Checks a file name's extension before the image exists.
     *
     * @throws WrongUsageException for an extension that {@link #write} does not support
     */
    public static void checkEnding(Path file) {
        if (Stream.of(".png", ".jpg", ".jpeg").noneMatch(lowerCase(file)::endsWith)) {
            throw new WrongUsageException(file + ": unknown image format; expected the extension .jpg, .jpeg or .png");
        }
    }

    private static String lowerCase(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /**
     * Runs AWT without a display, as cluster nodes may set DISPLAY but have none. Call it before
     * the first use of an AWT class.
     */
    public static void drawWithoutDisplay() {
        System.setProperty("java.awt.headless", "true");
    }

    /** Two images of equal height side by side, with a gap between them. */
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

    /** The image enlarged by an integer factor, with bilinear interpolation. */
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

    /** A copy in RGB, without transparency. */
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

    /** Turns off chroma subsampling, which makes thin colored lines gray. */
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
