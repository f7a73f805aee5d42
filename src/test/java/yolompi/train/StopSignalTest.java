package yolompi.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {
    /** What a process's status is when the kernel ended it by USR1. */
    private static final int ENDED_BY_USR1 = 128 + 10;

    @Test
    void whateverItsNameUsr1IsHeardToo() throws IOException, InterruptedException {
        Process process = listenFor("URG");
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("listening");
            kill(process, "USR1");
            assertThat(output.readLine()).isEqualTo("USR1");
            kill(process, "URG");
            assertThat(output.readLine()).isEqualTo("URG");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process listenFor(String signal) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SignalProgram.class.getName(),
                        signal)
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void theFirstOfEachKindIsOnlyNotedAndASecondEndsTheProcessAtOnce() throws IOException, InterruptedException {
        Process process = listenFor("USR1");
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("listening");
            kill(process, "USR1");
            assertThat(output.readLine()).isEqualTo("USR1");
            kill(process, "USR1");
            kill(process, "TERM");
            assertThat(output.readLine()).as("two at once are one request").isEqualTo("TERM");

            TimeUnit.MILLISECONDS.sleep(1200);
            kill(process, "USR1");

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ENDED_BY_USR1);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void kill(Process process, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
