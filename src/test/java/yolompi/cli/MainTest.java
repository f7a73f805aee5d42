package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import yolompi.InputException;
import yolompi.WrongUsageException;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpPrintsUsageAndSucceeds() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: yolo-mpi").contains("COMMAND");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionNamesTheProgram() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).startsWith("yolo-mpi ");
    }

    @Test
    void missingCommandIsWrongUsage() {
        assertThat(execute()).isEqualTo(2);
        assertThat(err.toString()).contains("yolo-mpi: a COMMAND is missing").contains("Try: yolo-mpi --help");
    }

    @Test
    void misspelledCommandIsWrongUsageWithASuggestion() {
        assertThat(execute("measur")).isEqualTo(2);
        assertThat(err.toString()).contains("yolo-mpi: ").contains("measur").contains("measure");
    }

    @Test
    void invalidArgumentsAreNamed() {
        assertThat(execute("bench")).isEqualTo(2);
        assertThat(execute("bench", "sped")).isEqualTo(2);
        assertThat(execute("measure", "7")).isEqualTo(2);
        assertThat(execute("train", "a.toml", "--max-minutes", "soon")).isEqualTo(2);
        assertThat(execute("export", "--weights=a", "--format=onnx", "--out=b", "--confidence=0.3"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("yolo-mpi: a COMMAND is missing: expected step, ddp, loader, nms, score, speed")
                .contains("yolo-mpi: found the command 'sped', expected step, ddp, loader, nms, score, speed")
                .contains("yolo-mpi: found '7', which is not an option or parameter of this command")
                .contains("'--max-minutes': 'soon' is not a number")
                .contains("yolo-mpi: Missing required argument(s): --with-nms");
    }

    @Test
    void invalidValueIsWrongUsageOfItsCommand() {
        assertThat(execute("measure", "--times", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("--times").contains("many").contains("Try: yolo-mpi measure --help");
    }

    @Test
    void inputExceptionPrintsOneLineWithoutStackTrace() {
        assertThat(execute("measure", "--throw", "INPUT")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("yolo-mpi: shards/a.h5: truncated");
    }

    @Test
    void conflictingOptionsAreWrongUsage() {
        assertThat(execute("measure", "--throw", "USAGE")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("yolo-mpi: --a and --b name the same file");
    }

    @Test
    void missingFileIsReportedInOneLine() {
        assertThat(execute("measure", "--throw", "MISSING_FILE")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("yolo-mpi: a/b.toml: no such file or directory");
    }

    @Test
    void fileErrorNamesTheOperationFirst() {
        assertThat(execute("measure", "--throw", "FULL_DISK")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("yolo-mpi: runs/a: can't save a checkpoint: disk full");
    }

    @Test
    void unexpectedExceptionPrintsItsStackTrace() {
        assertThat(execute("measure", "--throw", "BUG")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("yolo-mpi: unexpected java.lang.IllegalStateException: bug")
                .contains("at yolompi.cli.MainTest");
    }

    @Test
    void tracePropertyPrintsTheStackTraceOfAnInputException() {
        System.setProperty("yolompi.trace", "true");
        try {
            assertThat(execute("measure", "--throw", "INPUT")).isEqualTo(1);
        } finally {
            System.clearProperty("yolompi.trace");
        }
        assertThat(err.toString())
                .startsWith("yolo-mpi: shards/a.h5: truncated")
                .contains("at yolompi.cli.MainTest");
    }

    @Test
    void statusOfTheCommandIsTheExitStatus() {
        assertThat(execute("measure", "--times", "7")).isEqualTo(7);
    }

    @Test
    void everyCommandHasASummaryAndShowsDefaults() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
            assertThat(command.getCommandSpec().optionsMap()).containsKeys("--help", "--version");
            assertThat(command.getCommandSpec().usageMessage().showDefaultValues())
                    .isTrue();
        }
    }

    @Test
    void helpShowsNoJavaValueAsDefault() {
        for (CommandLine command : Main.commandLine().getSubcommands().values()) {
            assertThat(command.getUsageMessage()).doesNotContain("Optional.empty", "Default: []");
        }
    }

    @Test
    void liftingNativeLimitsKeepsUserSettings() {
        String limit = "org.bytedeco.javacpp.maxbytes";
        String before = System.getProperty(limit, "0");
        System.setProperty(limit, "8g");
        try {
            Main.liftNativeLimits();
            assertThat(System.getProperty(limit)).isEqualTo("8g");
            assertThat(System.getProperty("org.bytedeco.javacpp.maxphysicalbytes"))
                    .isEqualTo("0");
        } finally {
            System.setProperty(limit, before);
        }
    }

    private int execute(String... args) {
        CommandLine commandLine = Main.commandLine();
        commandLine.addSubcommand(new Measure());
        // A subcommand that is added here does not inherit handlers and writers.
        commandLine.setParameterExceptionHandler(commandLine.getParameterExceptionHandler());
        commandLine.setExecutionExceptionHandler(commandLine.getExecutionExceptionHandler());
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(args);
    }

    private enum Failure {
        NONE,
        INPUT,
        USAGE,
        MISSING_FILE,
        FULL_DISK,
        BUG
    }

    @Command(name = "measure", description = "Fails in the given way, or returns the given status.")
    private static final class Measure implements Callable<Integer> {
        @Option(names = "--times", defaultValue = "0")
        private int times;

        @Option(names = "--throw", defaultValue = "NONE")
        private Failure failure;

        @Override
        public Integer call() throws IOException {
            return switch (failure) {
                case NONE -> times;
                case INPUT -> throw new InputException("shards/a.h5: truncated");
                case USAGE -> throw new WrongUsageException("--a and --b name the same file");
                case MISSING_FILE -> throw new UncheckedIOException(new NoSuchFileException("a/b.toml"));
                case FULL_DISK ->
                    throw new UncheckedIOException(
                            "runs/a: can't save a checkpoint: disk full", new IOException("disk full"));
                case BUG -> throw new IllegalStateException("bug");
            };
        }
    }
}
