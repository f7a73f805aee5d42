package yolompi.distributed.watchdog;

import yolompi.distributed.Communicator;

/** The status of this process as other ranks see it, for tests of other packages. */
public record SeenStatus(Communicator ranks) {
    /** The number of activities that the process has begun. */
    public long changes() {
        return ranks.status().now().changes();
    }

    /** The current activity. */
    public String activity() {
        return ranks.status().now().describe();
    }
}
