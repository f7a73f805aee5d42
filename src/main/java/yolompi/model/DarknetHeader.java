package yolompi.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a Darknet weights file begins with: see {@link DarknetWeights}.
 *
 * @param major with {@code minor}, the version of the format
 * @param seen images that the network was trained on; Darknet's learning rate goes on from there
 */
public record DarknetHeader(int major, int minor, int revision, long seen) {
    /** The shortest header. */
    static final int LEAST_BYTES = 4 * Integer.BYTES;

    /** The version that Darknet writes since 2018. */
    public static DarknetHeader current(long seen) {
        return new DarknetHeader(0, 2, 0, seen);
    }

    /** Whether {@code seen} takes eight bytes; load_weights_upto's own condition. */
    private boolean isLong() {
        return 10L * major + minor >= 2 && major < 1000 && minor < 1000;
    }

    int byteCount() {
        return isLong() ? LEAST_BYTES + Integer.BYTES : LEAST_BYTES;
    }

    /** Reads a header from the start of a file, and leaves the position behind it. */
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
