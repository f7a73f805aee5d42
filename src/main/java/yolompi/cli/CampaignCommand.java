package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.InputException;
import yolompi.campaign.Campaign;
import yolompi.report.page.ComparePage;

@Command(
        name = "campaign",
        description =
                "Plans many runs of one recipe with different values, and compares them. slurm/campaign starts the"
                        + " runs.",
        subcommands = {CampaignCommand.Plan.class, CampaignCommand.Pending.class, CampaignCommand.Report.class})
final class CampaignCommand {
    private CampaignCommand() {}

    @Command(
            name = "plan",
            description =
                    "Creates the folder of a campaign: a checked recipe for each run, and runs.csv with their values.")
    static final class Plan implements Callable<Integer> {
        @Parameters(
                paramLabel = "SWEEP",
                description =
                        "TOML file with recipe = \"FILE\" and a table [sweep]. Each key in [sweep] is a key of the"
                                + " recipe. Its value is a list of values, a range { from, to, steps } or { from, to,"
                                + " step }, or limits { min, max } between which each run draws a random value. Ranges"
                                + " and limits take scale = \"linear\" or \"log\". samples = N: random draws for each"
                                + " combination of the other keys. seed = N: seed of the draws. Example:"
                                + " src/sweeps/shapes.toml.")
        private Path sweep;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the campaign.")
        private Path out;

        @Override
        public Integer call() {
            int runs = Campaign.plan(sweep, out).runs().size();
            System.out.printf("%d runs in %s; their values are in %s%n", runs, out, out.resolve("runs.csv"));
            return 0;
        }
    }

    @Command(
            name = "pending",
            description =
                    "Prints the numbers of the unfinished runs, such as 1-3,7. Prints an empty line if all runs are"
                            + " finished.")
    static final class Pending implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Folder of a campaign.")
        private Path folder;

        @Option(names = "--without", split = ",", paramLabel = "RUN", description = "Runs to skip, such as 2,5.")
        private Set<Integer> leftOut = Set.of();

        @Override
        public Integer call() {
            System.out.println(Campaign.open(folder).pendingWithout(leftOut));
            return 0;
        }
    }

    @Command(
            name = "report",
            description =
                    "Writes DIR/index.html, which compares the runs so far, and prints the best run and the unfinished"
                            + " runs.")
    static final class Report implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Folder of a campaign.")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            Campaign campaign = Campaign.open(folder);
            List<ComparePage.Run> begun = new ArrayList<>();
            for (Campaign.Run run : campaign.runs()) {
                // A run that was killed at its start may lack some of its files.
                if (CompareCommand.isRun(run.folder())) {
                    begun.add(CompareCommand.read(run.folder().getFileName().toString(), run.folder()));
                }
            }
            if (begun.isEmpty()) {
                throw new InputException(
                        folder + ": no run has started yet; their output is in " + folder.resolve("logs"));
            }
            ComparePage page = new ComparePage(begun);
            page.write(folder.resolve("index.html"));
            System.out.printf(
                    "%d of %d runs started, compared in %s%n",
                    begun.size(), campaign.runs().size(), folder.resolve("index.html"));
            page.best()
                    .ifPresent(best -> System.out.printf(
                            "the best run is %s: %s%n", folder.resolve(best.name()), values(best, begun)));
            if (!campaign.pending().isEmpty()) {
                System.out.printf(
                        "unfinished runs: %s; resume them with slurm/campaign --continue %s%n",
                        campaign.pending(), folder);
            }
            return 0;
        }

        /** The keys whose values differ between runs. */
        private static String values(ComparePage.Run best, List<ComparePage.Run> all) {
            return best.recipe().entrySet().stream()
                    .filter(entry -> all.stream().anyMatch(run -> !entry.getValue()
                            .equals(run.recipe().get(entry.getKey()))))
                    .map(entry -> entry.getKey() + " = " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }
    }
}
