package yolompi.dist;

/** What a rank is doing, in words for messages. */
public enum Activity {
    STARTING("starting", 4),
    /** The whole of it at once: its time is that of the data set. */
    PACKING("packing images", 48),
    STAGING("copying shards", 48),
    VERIFYING("verifying shards", 4),
    LOADING("loading images", 1),
    FORWARD("computing the forward pass", 1),
    /** One native call: computes gradients, and waits for those of the other ranks. */
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

    /** How many times {@code dist.timeout_seconds} it may take: a large file on a slow disk is no stall. */
    int patience() {
        return patience;
    }

    @Override
    public String toString() {
        return words;
    }
}
