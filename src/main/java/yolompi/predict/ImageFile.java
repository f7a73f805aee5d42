package yolompi.predict;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import yolompi.data.ImageEncoding;
import yolompi.data.Sample;
import yolompi.data.SampleSource;
import yolompi.data.augment.Augmenter.LetterboxedImage;
import yolompi.data.image.CheckedImage;
import yolompi.data.image.CheckedImage.DamagedImageException;
import yolompi.data.image.ImageDecoder;
import yolompi.data.image.ImageFolder;

/** An image file without annotations that is known to decode completely. */
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
     * @param bytes content of the file: JPEG, PNG, BMP, WebP or TIFF
     * @throws DamagedImageException if it cannot be decoded completely
     */
    public static ImageFile of(byte[] bytes) throws DamagedImageException {
        return new ImageFile(bytes, CheckedImage.of(bytes));
    }

    /** Whether the file name has an image extension. */
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

    /** The network input of an evaluation: letterboxed, uint8 {@code [size,size,3]}, RGB. */
    public byte[] letterboxed(int size) {
        Sample sample = new Sample(0, "", width(), height(), ImageEncoding.JPEG, bytes, List.of());
        return LetterboxedImage.of(new OneSample(sample), 0, size).pixels();
    }

    /** The upright image, uint8 {@code [height,width,3]}, RGB. */
    public byte[] pixels() {
        byte[] pixels = new byte[3 * width() * height()];
        try (Mat rgb = ImageDecoder.decode(bytes)) {
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
