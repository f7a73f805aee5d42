package yolompi.data;

/** Random access to packed samples. Thread-safe. */
public interface SampleSource {
    /** Number of samples. */
    int size();

    /**
     * Reads one sample and verifies its checksum.
     *
     * @throws yolompi.InputException if its bytes are damaged; names the shard file and the record
     */
    Sample read(int index);
}
