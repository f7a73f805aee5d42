package yolompi.dist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@OneProcess
final class SingleProcessTest extends CommunicatorContract {
    @Override
    public Communicator open(Communicator ranks) {
        return new SingleProcess();
    }

    @Test
    void processWithoutLauncherIsAWorldOfSizeOne() {
        try (Communicator alone = Communicator.join()) {
            assertThat(alone).isInstanceOf(SingleProcess.class);
            assertThat(alone.world()).isEqualTo(World.alone(Host.name()));
        }
    }
}
