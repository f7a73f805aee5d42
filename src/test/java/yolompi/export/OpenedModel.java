package yolompi.export;

import java.util.List;

/** An exported file, opened in the program that it is for. */
interface OpenedModel extends AutoCloseable {
    /** An output, row by row. */
    record Output(long[] shape, float[] values) {}

    /**
     * Runs the model.
     *
     * @param images float32 {@code [N,3,S,S]}
     * @return the outputs in the file's order
     */
    List<Output> run(float[] images, int count, int size);

    @Override
    void close();
}
