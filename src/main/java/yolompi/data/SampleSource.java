package yolompi.data;

/** Random access to packed samples. Safe to call from several threads. */
public interface SampleSource {
    /** Number of samples. */
    int size();

    /**
     * Reads one sample and checks its checksum.
     *
     * @throws yolompi.InputException naming the shard file and the record when its bytes are
     *     damaged
     */
    Sample read(int index);
}
