package yolompi.pack;

/** Receives the progress of packing. */
public interface PackProgress {
    /** Ignores the progress. */
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
