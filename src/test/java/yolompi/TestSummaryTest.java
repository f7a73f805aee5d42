package yolompi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSummaryTest {
    @TempDir
    private Path target;

    private String printed = "";

    @Test
    void failedTestIsNamedWithTheLogsOfItsRanks() throws IOException {
        report(
                "surefire-reports",
                "yolompi.model.LayerTest",
                "1.5",
                "<testcase name='a' classname='yolompi.model.LayerTest'/>");
        report("failsafe-reports", "yolompi.cli.ResumeTest", "20.25", """
                <testcase name='resumes(int)[2]' classname='yolompi.cli.ResumeTest'><failure message='expected 0'>trace</failure></testcase>
                <testcase name='stops' classname='yolompi.cli.ResumeTest'><error>trace</error></testcase>
                """);
        Path logs = Files.createDirectories(target.resolve("rank-logs/yolompi.cli.ResumeTest/resumes-7"));

        assertThat(print()).isEqualTo(1);

        assertThat(printed)
                .contains("ResumeTest.resumes(int)[2]\n    ranks: " + logs, "ResumeTest.stops\n")
                .contains("1 passed, 2 failed, 0 skipped");
        assertThat(printed.indexOf("yolompi.cli.ResumeTest")).isLessThan(printed.indexOf("yolompi.model.LayerTest"));
    }

    @Test
    void skippedTestsAreListedByTheirReason() throws IOException {
        report("failsafe-reports", "yolompi.train.step.GpuStepTest", "0.1", """
                <testcase name='a' classname='yolompi.train.step.GpuStepTest'>
                  <skipped message='Assumption failed: needs a GPU' type='org.opentest4j.TestAbortedException'/>
                </testcase>
                <testcase name='b' classname='yolompi.train.step.GpuStepTest'>
                  <skipped type='org.opentest4j.TestAbortedException'>org.opentest4j.TestAbortedException: needs a GPU
                    at org.junit</skipped>
                </testcase>
                <testcase name='c' classname='yolompi.train.step.GpuStepTest'/>
                """);

        assertThat(print()).isZero();

        assertThat(printed)
                .contains("  needs a GPU\n    yolompi.train.step.GpuStepTest: 2\n")
                .contains("1 passed, 0 failed, 2 skipped");
    }

    @Test
    void runWithoutTestsFails() throws IOException {
        assertThat(print()).isEqualTo(1);
        assertThat(printed).contains("0 passed, 0 failed, 0 skipped");
    }

    @Test
    void jvmThatEndedInATestIsAFailure() throws IOException {
        report(
                "failsafe-reports",
                "yolompi.cli.StopTest",
                "1",
                "<testcase name='a' classname='yolompi.cli.StopTest'/>");
        Files.writeString(target.resolve("failsafe-reports/failsafe-summary.xml"), """
                <failsafe-summary timeout='false'><completed>1</completed><errors>0</errors>
                <failureMessage>The forked VM terminated without properly saying goodbye.
                Command was java
                Crashed tests:
                yolompi.cli.ResumeTest
                yolompi.cli.ResumeTest
                </failureMessage></failsafe-summary>
                """);

        assertThat(print()).isEqualTo(1);

        assertThat(printed)
                .contains(
                        "a JVM of the integration tests ended ",
                        "in: yolompi.cli.ResumeTest\n    The forked VM terminated without")
                .doesNotContain("Command was")
                .contains("1 passed, 1 failed, 0 skipped");
    }

    @Test
    void unreadableReportIsAFailure() throws IOException {
        Path reports = Files.createDirectories(target.resolve("surefire-reports"));
        Path cut = Files.writeString(reports.resolve("TEST-yolompi.Cut.xml"), "<testsuite name='yolompi.Cut'");

        assertThat(print()).isEqualTo(1);
        assertThat(printed).contains("can't be read: " + cut);
    }

    private void report(String folder, String name, String seconds, String cases) throws IOException {
        Path reports = Files.createDirectories(target.resolve(folder));
        Files.writeString(
                reports.resolve("TEST-" + name + ".xml"),
                "<testsuite name='%s' time='%s'>%s</testsuite>".formatted(name, seconds, cases));
    }

    private int print() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int status = TestSummary.print(target, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        printed = bytes.toString(StandardCharsets.UTF_8);
        return status;
    }
}
