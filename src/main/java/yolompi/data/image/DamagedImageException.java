package yolompi.data.image;

/** Thrown if an image file cannot be decoded completely; the message says why. */
public final class DamagedImageException extends Exception {
    DamagedImageException(String message) {
        super(message);
    }

    DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
