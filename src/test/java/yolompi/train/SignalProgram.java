package yolompi.train;

import java.util.Optional;

/** Listens for a signal and tells what it heard, until it is ended. */
final class SignalProgram {
    private SignalProgram() {}

    public static void main(String[] args) throws InterruptedException {
        StopSignal signal = StopSignal.early();
        signal.listen(args[0]);
        System.out.println("listening");
        Optional<String> told = Optional.empty();
        while (true) {
            if (!signal.received().equals(told)) {
                told = signal.received();
                System.out.println(told.orElseThrow());
            }
            Thread.sleep(5);
        }
    }
}
