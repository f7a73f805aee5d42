package yolompi.torch;

import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_videoio;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Loads LibTorch and OpenCV before the tests of a class that call them:
 * {@code @ExtendWith(LoadLibTorch.class)}. Only the first class of a JVM pays for the loading.
 */
public final class LoadLibTorch implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        now();
    }

    /** For the main methods of rank programs. */
    public static void now() {
        NativeLibraries.load(torch.class, opencv_imgcodecs.class, opencv_videoio.class);
    }
}
