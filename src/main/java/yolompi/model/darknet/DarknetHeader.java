package yolompi.model.darknet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a Darknet weights file: see {@link DarknetWeights}.
 *
 * @param major with {@code minor}, the version of the format
 * @param seen number of images seen in training; Darknet's learning rate schedule resumes there
 */
public record DarknetHeader(int major, int minor, int revision, long seen) {
    /** Length of the shortest header. */
    static final int LEAST_BYTES = 4 * Integer.BYTES;

    /** A header in the version that Darknet has written since 2018. */
    public static DarknetHeader current(long seen) {
        return new DarknetHeader(0, 2, 0, seen);
    }

    /** Whether {@code seen} has eight bytes; the condition of load_weights_upto. */
    private boolean isLong() {
        return 10L * major + minor >= 2 && major < 1000 && minor < 1000;
    }

    int byteCount() {
        return isLong() ? LEAST_BYTES + Integer.BYTES : LEAST_BYTES;
    }

    /** Reads a header from the start of a file and moves the position past it. */
    static DarknetHeader read(ByteBuffer bytes) {
        DarknetHeader version = new DarknetHeader(bytes.getInt(), bytes.getInt(), bytes.getInt(), 0);
        long seen = version.isLong() ? bytes.getLong() : bytes.getInt();
        return new DarknetHeader(version.major, version.minor, version.revision, seen);
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(byteCount()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(major).putInt(minor).putInt(revision);
        return (isLong() ? bytes.putLong(seen) : bytes.putInt((int) seen)).array();
    }
}
