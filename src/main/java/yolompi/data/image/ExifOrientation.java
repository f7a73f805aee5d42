package yolompi.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import yolompi.geometry.Box;

/**
 * How to transform the stored pixels into the upright image (EXIF 2.3, tag 0x0112, values 1 to 8).
 */
public enum ExifOrientation {
    UPRIGHT(1),
    MIRRORED(2),
    HALF_TURN(3),
    FLIPPED(4),
    TRANSPOSED(5),
    QUARTER_TURN(6),
    TRANSVERSED(7),
    THREE_QUARTER_TURN(8);

    private static final int TAG = 0x0112;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private final int value;

    ExifOrientation(int value) {
        this.value = value;
    }

    /** The value of the tag, 1 to 8. */
    public int value() {
        return value;
    }

    /** The orientation in the EXIF segment of a JPEG file; upright if it is absent or invalid. */
    static ExifOrientation of(byte[] jpeg) {
        ByteBuffer file = ByteBuffer.wrap(jpeg);
        int at = 2;
        while (at + 4 <= jpeg.length && jpeg[at] == (byte) 0xFF) {
            int marker = jpeg[at + 1] & 0xFF;
            int length = file.getShort(at + 2) & 0xFFFF;
            boolean startOfScan = marker == 0xDA;
            if (startOfScan || at + 2 + length > jpeg.length || length < 2) {
                return UPRIGHT;
            }
            if (marker == 0xE1 && length >= 16 && file.slice(at + 4, 6).equals(ByteBuffer.wrap(EXIF))) {
                return ofTiff(file.slice(at + 10, length - 8));
            }
            at += 2 + length;
        }
        return UPRIGHT;
    }

    private static ExifOrientation ofTiff(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 0 || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int entry = 0; entry < entries; entry++) {
            int at = directory + 2 + 12 * entry;
            if (at + 12 > tiff.limit()) {
                return UPRIGHT;
            }
            if ((tiff.getShort(at) & 0xFFFF) == TAG) {
                return ofValue(tiff.getShort(at + 8));
            }
        }
        return UPRIGHT;
    }

    private static ExifOrientation ofValue(int value) {
        return Arrays.stream(values())
                .filter(orientation -> orientation.value == value)
                .findFirst()
                .orElse(UPRIGHT);
    }

    public boolean swapsEdges() {
        return value >= 5;
    }

    /** From pixels of the stored image, of the given size, to pixels of the upright image. */
    public Box toUpright(Box box, int width, int height) {
        float left = box.x1();
        float top = box.y1();
        float right = box.x2();
        float bottom = box.y2();
        return switch (this) {
            case UPRIGHT -> box;
            case MIRRORED -> new Box(width - right, top, width - left, bottom);
            case HALF_TURN -> new Box(width - right, height - bottom, width - left, height - top);
            case FLIPPED -> new Box(left, height - bottom, right, height - top);
            case TRANSPOSED -> new Box(top, left, bottom, right);
            case QUARTER_TURN -> new Box(height - bottom, left, height - top, right);
            case TRANSVERSED -> new Box(height - bottom, width - right, height - top, width - left);
            case THREE_QUARTER_TURN -> new Box(top, width - right, bottom, width - left);
        };
    }
}
