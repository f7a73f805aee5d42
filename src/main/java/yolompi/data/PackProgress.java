package yolompi.data;

/** Is told how far packing has come. */
public interface PackProgress {
    /** Tells nobody. */
    PackProgress NONE = new PackProgress() {
        @Override
        public void start(String phase, int total) {}

        @Override
        public void step() {}
    };

    /** A phase of {@code total} steps begins. */
    void start(String phase, int total);

    void step();
}
