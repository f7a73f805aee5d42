package yolompi.dist;

import java.util.List;

/** Which processors of its host a rank may use. */
public final class Cores {
    private Cores() {}

    /**
     * This rank's share; collective: {@code OMP_NUM_THREADS} where it is set, as launchers do, otherwise the processors that this process may
     * run on divided by the ranks of its host that may run on the same.
     */
    public static int share(Communicator ranks) {
        String allowed = Host.allowedProcessors();
        String own = ranks.world().host() + " " + allowed;
        List<String> all = ranks.allGather(own);
        int sharing = (int) all.stream().filter(own::equals).count();
        String wanted = System.getenv().getOrDefault("OMP_NUM_THREADS", "");
        return wanted.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(wanted) : Math.max(1, count(allowed) / sharing);
    }

    /** The number of processors in the kernel's notation, {@code 0-3,8}. */
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
