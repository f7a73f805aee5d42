package yolompi.distributed.device;

import java.util.List;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.Host;

/** CPUs of the host that a rank may use. */
public final class Cores {
    private Cores() {}

    /**
     * Number of CPUs for this rank. Collective.
     *
     * <p>This is {@code OMP_NUM_THREADS} if set, as launchers do. Otherwise, it is the number of
     * CPUs that this process may run on, divided by the number of ranks of this host that may run
     * on the same CPUs.
     */
    public static int share(Communicator ranks) {
        String allowed = Host.allowedProcessors();
        String own = ranks.world().host() + " " + allowed;
        List<String> all = ranks.allGather(own);
        int sharing = (int) all.stream().filter(own::equals).count();
        String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "");
        return threads.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(threads) : Math.max(1, count(allowed) / sharing);
    }

    /** Counts the CPUs in a list in the kernel's notation: {@code 0-3,8}. */
    public static int count(String processors) {
        int count = 0;
        for (String range : processors.split(",", -1)) {
            String[] ends = range.split("-", 2);
            try {
                count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
            } catch (NumberFormatException e) {
                return Runtime.getRuntime().availableProcessors();
            }
        }
        return count;
    }
}
