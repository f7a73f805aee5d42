package yolompi.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import yolompi.ProgramVersion;

/**
 * The entry of {@code java -jar yolo-mpi.jar COMMAND}: sets what native libraries read when they load, hands the arguments to the
 * command, and turns its end into an exit status: 0 done, 1 failure, 2 wrong usage, {@value #STOPPED} stopped before the end.
 */
@Command(
        name = "yolo-mpi",
        description = "Trains YOLOv3 detectors data-parallel: alone, under mpirun or under Slurm.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "In this order from images to boxes. What a command wants: yolo-mpi COMMAND --help"},
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:failure",
            "2:wrong usage",
            Main.STOPPED + ":training was stopped before its end and saved; go on with --resume"
        },
        versionProvider = Main.Version.class,
        subcommands = {
            // One line for each command, in the order in which they are used.
            ShapesCommand.class,
            PackCommand.class,
            ModelCommand.class,
            AnchorsCommand.class,
            CheckCommand.class,
            InspectCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            CampaignCommand.class,
            TrainCommand.class,
            EvalCommand.class,
            ScoreCommand.class,
            PredictCommand.class,
            ExportCommand.class,
            WeightsCommand.class,
            BenchCommand.class,
            GpuCodeCommand.class,
        })
public final class Main implements Runnable {
    /** Exit status of a training that was stopped and can be resumed: EX_TEMPFAIL of sysexits.h. */
    static final int STOPPED = 75;

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command and returns its exit status; errors of the JVM are reported too, so that no leftover thread keeps a rank alive. */
    private static int run(String[] args) {
        // Numbers look the same everywhere: ranks compare them as texts, and checkpoints hold some.
        Locale.setDefault(Locale.ROOT);
        NativeLimits.lift();
        CommandLine commandLine = commandLine();
        try {
            return commandLine.execute(args);
        } catch (Error error) {
            return Failures.report(error, commandLine.getErr());
        }
    }

    /** The root command with its subcommands; all of them know {@code --help} and {@code --version} and show their defaults. */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Main());
        describe(root);
        root.setParameterExceptionHandler((wrongUsage, args) -> Failures.report(wrongUsage));
        root.setExecutionExceptionHandler((failure, command, result) -> Failures.report(failure, command.getErr()));
        return root;
    }

    private static void describe(CommandLine command) {
        CommandSpec commandSpec = command.getCommandSpec();
        commandSpec.mixinStandardHelpOptions(true).versionProvider(new Version());
        commandSpec.usageMessage().showDefaultValues(true).sortOptions(false).width(120);
        command.getSubcommands().values().forEach(Main::describe);
    }

    /** Without a command there is nothing to do: that is wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a COMMAND is missing");
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"yolo-mpi " + ProgramVersion.text()};
        }
    }
}
