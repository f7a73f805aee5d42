package yolompi.dist;

@OneProcess
final class SingleGroupTest extends ProcessGroupContract {
    @Override
    public TensorGroup open(Communicator ranks) {
        return new SingleGroup(ranks.world());
    }
}
