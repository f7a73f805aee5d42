package yolompi.dist;

import java.util.List;

/** Which processors of its host a rank may use. */
public final class Cores {
    private Cores() {}

    /** This rank's share: the processors that it may run on, divided by the ranks of its host that may run on the same; collective. */
    public static int share(Communicator ranks) {
        String own = ranks.world().host() + " " + Host.allowedProcessors();
        List<String> all = ranks.allGather(own);
        long sharing = all.stream().filter(own::equals).count();
        return (int) Math.max(1, Runtime.getRuntime().availableProcessors() / sharing);
    }
}
