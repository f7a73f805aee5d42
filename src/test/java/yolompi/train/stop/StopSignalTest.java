package yolompi.train.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("program")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopSignalTest {
    /** Exit status of a process that USR1 has ended. */
    private static final int ENDED_BY_USR1 = 128 + 10;

    @Test
    void usr1IsHeardBesideAnotherStopSignal() throws IOException, InterruptedException {
        Process process = listenFor("URG", 60);
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

    private static Process listenFor(String signal, int sameRequestMinutes) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SignalProgram.class.getName(),
                        signal,
                        Integer.toString(sameRequestMinutes))
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void repeatedSignalIsOneRequest() throws IOException, InterruptedException {
        Process process = listenFor("USR1", 60);
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("listening");
            kill(process, "USR1");
            assertThat(output.readLine()).isEqualTo("USR1");
            kill(process, "USR1");
            // The JVM may handle the second USR1 after a TERM, so one TERM might be overwritten
            // unseen.
            while (process.isAlive() && !output.ready()) {
                kill(process, "TERM");
            }
            assertThat(output.readLine()).isEqualTo("TERM");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void repeatedSignalAfterTheLimitEndsTheProcess() throws IOException, InterruptedException {
        Process process = listenFor("USR1", 0);
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("listening");
            kill(process, "USR1");
            assertThat(output.readLine()).isEqualTo("USR1");
            while (process.isAlive()) {
                kill(process, "USR1");
            }
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
