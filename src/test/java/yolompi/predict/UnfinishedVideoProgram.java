package yolompi.predict;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Starts a video, prints that, and waits until it is terminated. */
final class UnfinishedVideoProgram {
    private UnfinishedVideoProgram() {}

    /** The argument is the video's path. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Frame frame = new Frame(new InputFile(Path.of("film.avi"), "film"), OptionalInt.of(0), 25, () -> new byte[0]);
        VideoWriter.open(frame, Path.of(args[0]), new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB));
        System.out.println("started");
        TimeUnit.MINUTES.sleep(1);
    }
}
