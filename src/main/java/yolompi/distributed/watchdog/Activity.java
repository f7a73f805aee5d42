package yolompi.distributed.watchdog;

/** What a rank is doing, with the words for messages. */
public enum Activity {
    STARTING("starting", 4),
    /** All images in one activity, so it takes as long as the data set needs. */
    PACKING("packing images", 48),
    STAGING("copying shards", 48),
    VERIFYING("verifying shards", 4),
    LOADING("loading images", 1),
    FORWARD("computing the forward pass", 1),
    /** A single native call, which also waits for the other ranks' gradients. */
    BACKWARD("computing and reducing gradients", 1),
    EVALUATING("evaluating", 4),
    SAVING("saving a checkpoint", 4),
    ENDING("ending", 1);

    private final String words;
    private final int patience;

    Activity(String words, int patience) {
        this.words = words;
        this.patience = patience;
    }

    /**
     * Allowed duration as a multiple of {@code dist.timeout_seconds}: a large file on a slow disk
     * is not a stall.
     */
    public int patience() {
        return patience;
    }

    @Override
    public String toString() {
        return words;
    }
}
