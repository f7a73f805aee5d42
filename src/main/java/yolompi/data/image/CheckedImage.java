package yolompi.data.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The properties of an image file that decodes completely. OpenCV, which decodes images in
 * training, silently fills missing pixels with gray. So the check also decodes JPEG files with the
 * JDK, which reports warnings, and checks the structure of PNG and WebP files.
 *
 * @param width width of the upright image, pixels
 * @param height height of the upright image, pixels
 */
public record CheckedImage(int width, int height, ExifOrientation orientation, Color color) {
    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int PNG_END = 0x49454E44;

    /** How the file stores color; decoding converts each to RGB. */
    public enum Color {
        RGB,
        GRAY,
        CMYK
    }

    /** Thrown if an image file cannot be decoded completely; the message says why. */
    public static final class DamagedImageException extends Exception {
        private DamagedImageException(String message) {
            super(message);
        }

        private DamagedImageException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Checks a file. */
    public static CheckedImage of(byte[] file) throws DamagedImageException {
        if (ImageDecoder.isJpeg(file)) {
            Color color = jpegColor(file);
            return decoded(file, ExifOrientation.of(file), color);
        }
        if (isPng(file)) {
            checkPngChunks(ByteBuffer.wrap(file));
        } else if (isWebp(file)) {
            checkWebpLength(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
        }
        return decoded(file, ExifOrientation.UPRIGHT, isPng(file) ? pngColor(file) : Color.RGB);
    }

    public int storedWidth() {
        return orientation.swapsEdges() ? height : width;
    }

    public int storedHeight() {
        return orientation.swapsEdges() ? width : height;
    }

    private static CheckedImage decoded(byte[] file, ExifOrientation orientation, Color color)
            throws DamagedImageException {
        if (file.length == 0) {
            throw new DamagedImageException("the file is empty");
        }
        try (Mat pixels = ImageDecoder.decode(file)) {
            if (pixels.empty()) {
                throw new DamagedImageException("no image that OpenCV can decode");
            }
            return new CheckedImage(pixels.cols(), pixels.rows(), orientation, color);
        } catch (RuntimeException failure) {
            throw new DamagedImageException("OpenCV cannot decode it: " + failure.getMessage(), failure);
        }
    }

    private static Color jpegColor(byte[] file) throws DamagedImageException {
        List<String> warnings = new ArrayList<>();
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            Raster raster = reader.readRaster(0, null);
            for (String warning : warnings) {
                if (losesPixels(warning)) {
                    throw new DamagedImageException(warning);
                }
            }
            return switch (raster.getNumBands()) {
                case 1 -> Color.GRAY;
                case 4 -> Color.CMYK;
                default -> Color.RGB;
            };
        } catch (IOException | RuntimeException failure) {
            throw new DamagedImageException(String.valueOf(failure.getMessage()), failure);
        } finally {
            reader.dispose();
        }
    }

    /**
     * libjpeg also warns of extra bytes between segments and of unusual profiles and headers. Then
     * the image is still complete.
     */
    private static boolean losesPixels(String warning) {
        boolean corrupt = warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes");
        return corrupt || warning.startsWith("Truncated File");
    }

    private static boolean isPng(byte[] file) {
        return file.length > 32 && ByteBuffer.wrap(file).getLong() == PNG_SIGNATURE;
    }

    /** Color type in the header: 0 is gray, 4 is gray with alpha. */
    private static Color pngColor(byte[] file) {
        return file[25] == 0 || file[25] == 4 ? Color.GRAY : Color.RGB;
    }

    private static void checkPngChunks(ByteBuffer png) throws DamagedImageException {
        int at = 8;
        while (at + 12 <= png.limit()) {
            int length = png.getInt(at);
            if (length < 0 || length > png.limit() - at - 12) {
                throw new DamagedImageException("PNG chunk at byte %d extends past the end of the file".formatted(at));
            }
            CRC32 crc = new CRC32();
            crc.update(png.slice(at + 4, length + 4));
            if ((int) crc.getValue() != png.getInt(at + 8 + length)) {
                throw new DamagedImageException("PNG chunk at byte %d has a wrong checksum".formatted(at));
            }
            if (png.getInt(at + 4) == PNG_END) {
                return;
            }
            at += 12 + length;
        }
        throw new DamagedImageException("PNG has no end chunk: the file is truncated");
    }

    private static boolean isWebp(byte[] file) {
        return file.length > 12 && file[0] == 'R' && file[1] == 'I' && file[8] == 'W' && file[9] == 'E';
    }

    private static void checkWebpLength(ByteBuffer webp) throws DamagedImageException {
        long expected = (webp.getInt(4) & 0xFFFFFFFFL) + 8;
        if (webp.limit() < expected) {
            throw new DamagedImageException(
                    "WebP declares %d bytes, the file has %d: it is truncated".formatted(expected, webp.limit()));
        }
    }
}
