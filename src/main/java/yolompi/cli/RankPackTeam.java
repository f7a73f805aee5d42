package yolompi.cli;

import java.util.List;
import java.util.function.Supplier;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.watchdog.Activity;
import yolompi.pack.PackTeam;

/** The ranks of a job as the members of a pack team. */
record RankPackTeam(Communicator ranks) implements PackTeam {
    @Override
    public int rank() {
        return ranks.world().rank();
    }

    @Override
    public int size() {
        return ranks.world().size();
    }

    @Override
    public List<byte[]> gather(Supplier<byte[]> work) {
        ranks.status().enter(Activity.PACKING);
        return ranks.allGather(Agreement.on(ranks, work));
    }

    @Override
    public void beforeEnd(Runnable lastAct) {
        ranks.beforeEnd(lastAct);
    }
}
