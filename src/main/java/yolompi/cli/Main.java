package yolompi.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import yolompi.ProgramVersion;

/**
 * The entry point of {@code java -jar yolo-mpi.jar COMMAND}. It sets the properties that native
 * libraries read when they load, runs the command, and returns the exit status: 0 success, 1
 * failure, 2 wrong usage, {@value #STOPPED} training stopped before its end.
 */
@Command(
        name = "yolo-mpi",
        description = "Trains YOLOv3 detectors data-parallel: in one process, with mpirun or with Slurm.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "The commands are listed in the order of use. Help for a command: yolo-mpi COMMAND --help"},
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:success",
            "1:failure",
            "2:wrong usage",
            Main.STOPPED + ":training stopped before its end and saved its state; resume it with --resume"
        },
        versionProvider = Main.Version.class,
        subcommands = {
            // In the order of use: --help lists them so.
            ShapesCommand.class,
            PackCommand.class,
            ModelCommand.class,
            AnchorsCommand.class,
            RecipeCommand.class,
            CheckCommand.class,
            InspectCommand.class,
            TrainCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            CampaignCommand.class,
            EvalCommand.class,
            ScoreCommand.class,
            PredictCommand.class,
            ExportCommand.class,
            WeightsCommand.class,
            BenchCommand.class,
            GpuCodeCommand.class,
        })
public final class Main implements Runnable {
    /** Exit status of a stopped training that can be resumed: EX_TEMPFAIL of sysexits.h. */
    static final int STOPPED = 75;

    /**
     * JavaCPP's limits on native memory. By default it throws OutOfMemoryError if the resident
     * memory exceeds about twice the maximum heap. Training keeps nearly all its data outside the
     * heap, so these limits make no sense here.
     */
    private static final List<String> NATIVE_LIMITS =
            List.of("org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes");

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs one command and returns its exit status. Also catches errors of the JVM, so that
     * {@link #main} exits and no remaining thread keeps a rank alive.
     */
    private static int run(String[] args) {
        // One number format on all machines: ranks compare numbers as text, and checkpoints hold
        // it.
        Locale.setDefault(Locale.ROOT);
        liftNativeLimits();
        CommandLine commandLine = commandLine();
        try {
            return commandLine.execute(args);
        } catch (Error error) {
            return ErrorReporter.report(error, commandLine.getErr());
        }
    }

    /**
     * Disables each limit that the user has not set with {@code -D}. JavaCPP reads them once, when
     * its first class loads.
     */
    static void liftNativeLimits() {
        for (String limit : NATIVE_LIMITS) {
            if (System.getProperty(limit) == null) {
                System.setProperty(limit, "0");
            }
        }
    }

    /**
     * The root command. All commands have {@code --help} and {@code --version}, and show defaults.
     */
    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new Main());
        describe(root);
        root.setParameterExceptionHandler((wrongUsage, args) -> ErrorReporter.report(wrongUsage));
        root.setExecutionExceptionHandler(
                (failure, command, result) -> ErrorReporter.report(failure, command.getErr()));
        return root;
    }

    private static void describe(CommandLine command) {
        CommandSpec commandSpec = command.getCommandSpec();
        commandSpec.mixinStandardHelpOptions(true).versionProvider(new Version());
        commandSpec.usageMessage().showDefaultValues(true).sortOptions(false).width(120);
        command.getSubcommands().values().forEach(Main::describe);
    }

    /** Called without a command, which is wrong usage. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a COMMAND is missing");
    }

    /** The version from the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"yolo-mpi " + ProgramVersion.text()};
        }
    }
}
