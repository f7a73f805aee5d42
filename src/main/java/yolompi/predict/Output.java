package yolompi.predict;

import java.io.IOException;
import yolompi.report.PredictedImage;

/** Makes files of what is found. Pictures come in the order of the inputs. */
public interface Output extends AutoCloseable {
    /** Takes what was found in a picture. */
    void add(SeenFrame seen, PredictedImage found) throws IOException;

    /** Writes what waits for the last picture of an input, all of whose pictures were given. */
    default void endInput() throws IOException {}

    /** Writes what waits for the last picture of all. */
    default void finish() throws IOException {}

    /** Takes away what is not finished. */
    @Override
    default void close() {}

    /** What to call it in the summary, such as {@code crops in out/crops}. */
    String title();
}
