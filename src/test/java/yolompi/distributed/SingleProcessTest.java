package yolompi.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import yolompi.distributed.Communicator.SingleProcess;
import yolompi.distributed.world.Host;
import yolompi.distributed.world.World;
import yolompi.ranks.OneProcess;

@OneProcess
final class SingleProcessTest extends CommunicatorContract {
    @Override
    public Communicator open(Communicator ranks) {
        return new SingleProcess();
    }

    @Test
    void processWithoutLauncherIsAWorldOfSizeOne() {
        assumeFalse(
                MpiCommunicator.launched(),
                "a launcher (mpirun, srun) started these tests, so joining would start MPI: start them without one");
        try (Communicator alone = Communicator.join()) {
            assertThat(alone).isInstanceOf(SingleProcess.class);
            assertThat(alone.world()).isEqualTo(World.alone(Host.name()));
        }
    }
}
