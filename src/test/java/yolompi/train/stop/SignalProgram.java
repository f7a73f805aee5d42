package yolompi.train.stop;

import java.time.Duration;
import java.util.Optional;

/**
 * Listens for stop signals and prints each: {@code SIGNAL MINUTES}. Within MINUTES, two equal
 * signals count as one request.
 */
final class SignalProgram {
    private SignalProgram() {}

    public static void main(String[] args) throws InterruptedException {
        StopSignal signal = StopSignal.early(Duration.ofMinutes(Long.parseLong(args[1])));
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
