package yolompi.data.augment;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import yolompi.InputException;
import yolompi.data.Sample;
import yolompi.data.image.ImageDecoder;
import yolompi.geometry.Box;
import yolompi.geometry.Letterbox;

/**
 * The image of a sample as stored in the shard, before decoding.
 *
 * @param sample the sample of the image
 * @param left columns of padding left of the image if it is stored as raw pixels, otherwise 0
 * @param top rows of padding above the image, likewise
 * @param width width of the stored image, upright and without padding, pixels
 * @param height height of the stored image
 * @param toOriginal from pixels of the stored image to pixels of the original image, which boxes
 *     refer to
 */
record ShardImage(Sample sample, int left, int top, int width, int height, Affine toOriginal) {
    static ShardImage of(Sample sample) {
        return switch (sample.encoding()) {
            case JPEG -> new ShardImage(sample, 0, 0, sample.width(), sample.height(), Affine.IDENTITY);
            case RAW -> ofRaw(sample, edge(sample));
        };
    }

    private static ShardImage ofRaw(Sample sample, int edge) {
        Letterbox packed = Letterbox.fit(sample.width(), sample.height(), edge);
        Box picture = packed.toSquare(new Box(0, 0, sample.width(), sample.height()));
        int left = Math.max(0, (int) Math.floor(picture.x1()));
        int top = Math.max(0, (int) Math.floor(picture.y1()));
        int width = Math.min(edge, (int) Math.ceil(picture.x2())) - left;
        int height = Math.min(edge, (int) Math.ceil(picture.y2())) - top;
        Affine toOriginal = Affine.move(left - packed.padX(), top - packed.padY())
                .then(Affine.scale(1.0 / packed.scale(), 1.0 / packed.scale()));
        return new ShardImage(sample, left, top, width, height, toOriginal);
    }

    /**
     * Decodes the upright image to uint8 {@code [h,w,3]} RGB. An image that will be shown at less
     * than half its size is reduced first, with averaging. The later interpolation uses only two
     * pixels per direction and would skip the others.
     *
     * @param magnification final size of the image relative to its stored size
     * @return the image in full size, or reduced by an integer factor but not below its final size
     * @throws InputException if the bytes are not an image, or its size differs from that in the
     *     shard
     */
    Mat decode(double magnification) {
        int shrink = Math.max(1, (int) (1 / magnification));
        Mat decoded =
                switch (sample.encoding()) {
                    case JPEG -> decodeFile(shrink);
                    case RAW -> raw(edge(sample)).apply(new Rect(left, top, width, height));
                };
        int targetWidth = Math.max(1, width / shrink);
        int targetHeight = Math.max(1, height / shrink);
        if (decoded.cols() < 2 * targetWidth || decoded.rows() < 2 * targetHeight) {
            return decoded;
        }
        Mat smaller = new Mat();
        resize(decoded, smaller, new Size(targetWidth, targetHeight), 0, 0, INTER_AREA);
        return smaller;
    }

    private Mat decodeFile(int shrink) {
        // Only JPEG can be decoded directly at a reduced size, in its transform. For other formats
        // OpenCV would skip pixels.
        int reduction = ImageDecoder.isJpeg(sample.image()) ? Math.min(8, Integer.highestOneBit(shrink)) : 1;
        Mat decoded = ImageDecoder.decode(sample.image(), reduction);
        if (decoded.empty()) {
            throw new InputException(where(sample) + ": its " + sample.image().length
                    + " bytes are not an image that can be decoded; pack the data set again");
        }
        if (differs(decoded.cols(), width, reduction) || differs(decoded.rows(), height, reduction)) {
            throw new InputException(where(sample) + ": decoded at 1/" + reduction + " to " + decoded.cols() + " × "
                    + decoded.rows() + " pixels, but the shard declares " + width + " × " + height
                    + " for the whole, upright image; pack the data set again");
        }
        return decoded;
    }

    private static boolean differs(int decoded, int stored, int reduction) {
        return Math.abs(decoded - (double) stored / reduction) >= 1;
    }

    private Mat raw(int edge) {
        Mat mat = new Mat(edge, edge, CV_8UC3);
        mat.data().put(sample.image());
        return mat;
    }

    private static int edge(Sample sample) {
        int length = sample.image().length;
        int edge = (int) Math.round(Math.sqrt(length / 3.0));
        if (edge == 0 || edge * edge * 3 != length) {
            throw new InputException(where(sample) + ": " + length
                    + " bytes of raw pixels; expected 3 · edge · edge; pack the data set again");
        }
        return edge;
    }

    private static String where(Sample sample) {
        return "sample " + sample.index() + " (image " + sample.imageId() + ")";
    }
}
