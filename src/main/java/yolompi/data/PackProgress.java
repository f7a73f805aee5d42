package yolompi.data;

/** Is told how far packing has come. */
public interface PackProgress {
    /** A phase of {@code total} steps begins. */
    void start(String phase, int total);

    void step();
}
