package yolompi.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import yolompi.distributed.device.HostResources;
import yolompi.ranks.RankTest;
import yolompi.ranks.WorldSizes;

@WorldSizes({1, 2, 3, 4})
final class MpiCommunicatorTest extends CommunicatorContract {
    @Override
    public Communicator open(Communicator ranks) {
        assertThat(ranks).isInstanceOf(MpiCommunicator.class);
        return ranks;
    }

    @RankTest
    void coresOfARankAreThoseOfTheLauncher(Communicator ranks) {
        assertThat(System.getenv("OMP_NUM_THREADS")).isEqualTo("1");
        assertThat(HostResources.cores(ranks)).isEqualTo(1);
    }
}
