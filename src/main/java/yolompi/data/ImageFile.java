package yolompi.data;

import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** An image file without annotations, known to be whole. */
public final class ImageFile {
    private final byte[] bytes;
    private final CheckedImage image;

    private ImageFile(byte[] bytes, CheckedImage image) {
        this.bytes = bytes;
        this.image = image;
    }

    /**
     * Checks an image.
     *
     * @param bytes of the file: JPEG, PNG, BMP, WebP or TIFF
     * @throws DamagedImageException when it can't be decoded whole
     */
    public static ImageFile of(byte[] bytes) throws DamagedImageException {
        return new ImageFile(bytes, ImageCheck.of(bytes));
    }

    /** Whether a file's name ends as that of an image. */
    public static boolean isNamedAsOne(String name) {
        return ImageFolder.isImage(name);
    }

    /** Width of the upright image, pixels. */
    public int width() {
        return image.width();
    }

    /** Height of the upright image, pixels. */
    public int height() {
        return image.height();
    }

    /** As the network sees it in an evaluation: letterboxed, uint8 {@code [size,size,3]}, RGB. */
    public byte[] letterboxed(int size) {
        Sample sample = new Sample(0, "", width(), height(), Encoding.JPEG, bytes, List.of());
        return NetworkView.of(new OneSample(sample), 0, size).pixels();
    }

    /** The upright image, uint8 {@code [height,width,3]}, RGB. */
    public byte[] pixels() {
        byte[] pixels = new byte[3 * width() * height()];
        try (BytePointer file = new BytePointer(bytes);
                Mat row = new Mat(1, bytes.length, opencv_core.CV_8UC1, file);
                Mat rgb = opencv_imgcodecs.imdecode(row, opencv_imgcodecs.IMREAD_COLOR_RGB)) {
            rgb.data().get(pixels);
        }
        return pixels;
    }

    private record OneSample(Sample sample) implements SampleSource {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public Sample read(int index) {
            return sample;
        }
    }
}
