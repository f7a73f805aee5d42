package yolompi.train;

import java.util.Optional;

/** Listens for USR1 and tells what it heard, until it is ended. */
final class SignalProgram {
    private SignalProgram() {}

    public static void main(String[] args) throws InterruptedException {
        StopSignal signal = StopSignal.listen("USR1");
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
