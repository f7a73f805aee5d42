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
import yolompi.report.ComparePage;

@Command(
        name = "campaign",
        description =
                "Plans many runs of one recipe with different values, and compares them. slurm/campaign runs them.",
        subcommands = {CampaignCommand.Plan.class, CampaignCommand.Pending.class, CampaignCommand.Report.class})
final class CampaignCommand {
    private CampaignCommand() {}

    @Command(
            name = "plan",
            description =
                    "Makes the folder of a campaign: a recipe for each run, checked, and runs.csv, which tells their values.")
    static final class Plan implements Callable<Integer> {
        @Parameters(
                paramLabel = "SWEEP",
                description =
                        "TOML file: recipe = \"FILE\"; in [sweep] keys of the recipe with a list of values, a range"
                                + " { from, to, steps } or { from, to, step }, or ends between which each run draws its own { min, max };"
                                + " ranges and draws by scale = \"log\" or \"linear\"; samples = N draws for each combination of the"
                                + " others; seed = N. Example: src/sweeps/shapes.toml.")
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
                    "Prints the numbers of the runs that aren't trained to their end, such as 1-3,7; nothing where all are.")
    static final class Pending implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Folder of a campaign.")
        private Path folder;

        @Option(names = "--without", split = ",", paramLabel = "RUN", description = "Runs to leave out, such as 2,5.")
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
                    "Makes DIR/index.html, which compares the runs so far, and names the best and those that aren't finished.")
    static final class Report implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "Folder of a campaign.")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            Campaign campaign = Campaign.open(folder);
            List<ComparePage.Run> begun = new ArrayList<>();
            for (Campaign.Run run : campaign.runs()) {
                // One that was killed while it began lacks the one or the other.
                if (CompareCommand.isRun(run.folder())) {
                    begun.add(CompareCommand.read(run.folder().getFileName().toString(), run.folder()));
                }
            }
            if (begun.isEmpty()) {
                throw new InputException(
                        folder + ": none of its runs has begun; look at their output in " + folder.resolve("logs"));
            }
            ComparePage page = new ComparePage(begun);
            page.write(folder.resolve("index.html"));
            System.out.printf(
                    "%d of %d runs begun, compared in %s%n",
                    begun.size(), campaign.runs().size(), folder.resolve("index.html"));
            page.best()
                    .ifPresent(best -> System.out.printf(
                            "the best is %s: %s%n", folder.resolve(best.name()), values(best, begun)));
            if (!campaign.pending().isEmpty()) {
                System.out.printf(
                        "not finished: %s; slurm/campaign --continue %s goes on with them%n",
                        campaign.pending(), folder);
            }
            return 0;
        }

        /** The keys in which it differs from others. */
        private static String values(ComparePage.Run best, List<ComparePage.Run> all) {
            return best.recipe().entrySet().stream()
                    .filter(entry -> all.stream().anyMatch(run -> !entry.getValue()
                            .equals(run.recipe().get(entry.getKey()))))
                    .map(entry -> entry.getKey() + " = " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }
    }
}
