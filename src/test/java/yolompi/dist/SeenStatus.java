package yolompi.dist;

/** What a watching rank would see of a process, for tests of other packages. */
public record SeenStatus(Communicator ranks) {
    /** How often it has begun something so far. */
    public long changes() {
        return ranks.status().now().changes();
    }

    /** What it does now. */
    public String activity() {
        return ranks.status().now().describe();
    }
}
