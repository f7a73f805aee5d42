package yolompi.data;

/** An image file that cannot be decoded whole; the message says why. */
public final class DamagedImageException extends Exception {
    DamagedImageException(String message) {
        super(message);
    }

    DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
