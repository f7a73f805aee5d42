package yolompi.predict;

import java.io.IOException;
import java.util.List;
import yolompi.detect.Detection;

/** Writes detections to files of one kind. Images arrive in the order of the inputs. */
public interface Output extends AutoCloseable {
    /**
     * Receives the detections of an image or video frame.
     *
     * @param found in pixels of the upright image, best first
     */
    void add(SeenFrame seen, List<Detection> found) throws IOException;

    /** Called after the last image or frame of an input. */
    default void endInput() throws IOException {}

    /** Called after the last input; writes what was collected for all inputs. */
    default void finish() throws IOException {}

    /** Deletes unfinished files. */
    @Override
    default void close() {}

    /** Description in the summary, such as {@code crops in out/crops}. */
    String title();
}
