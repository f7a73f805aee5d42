package yolompi.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Writes a video of one frame and prints whether that succeeded. */
final class FullDiskVideoProgram {
    private FullDiskVideoProgram() {}

    /** The argument is the video's path. */
    public static void main(String[] args) throws IOException {
        Frame frame = new Frame(new InputFile(Path.of("film.avi"), "film"), OptionalInt.of(0), 25, () -> new byte[0]);
        VideoWriter writer = VideoWriter.open(frame, Path.of(args[0]), VideoWriterTest.noise(64, 64));
        writer.add(VideoWriterTest.noise(64, 64));
        try {
            writer.finish();
            System.out.println("written");
        } catch (UnwritableOutputException e) {
            System.out.println(e.input() + ": " + e.getMessage());
        }
    }
}
