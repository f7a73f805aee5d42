package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.InputException;
import yolompi.recipe.RecipeFile;
import yolompi.report.page.ComparePage;

@Command(
        name = "compare",
        description = "Writes a page that compares runs: curves, final metrics, and the recipe keys that differ.")
final class CompareCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Folders of runs, such as runs/*.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "compare.html",
            description = "HTML file to write; an existing file is replaced.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<ComparePage.Run> all = new ArrayList<>();
        List<Path> passedOver = runs.stream().filter(folder -> !isRun(folder)).toList();
        runs = runs.stream().filter(CompareCommand::isRun).toList();
        if (runs.isEmpty()) {
            throw new InputException(passedOver.get(0)
                    + ": found no recipe.toml, metrics.csv and run.json, expected the folder of a run, such as"
                    + " runs/NAME");
        }
        passedOver.forEach(folder -> System.err.println(folder + ": skipped, not the folder of a run"));
        int shared = sharedNames();
        for (Path folder : runs) {
            Path path = folder.toAbsolutePath().normalize();
            String name = path.subpath(shared, path.getNameCount()).toString();
            all.add(read(name, folder));
        }
        ComparePage page = new ComparePage(all);
        page.write(out);
        System.out.printf(
                "%d runs in %s%s%n",
                all.size(),
                out,
                page.best().map(run -> "; the best run is " + run.name()).orElse(""));
        return 0;
    }

    static boolean isRun(Path folder) {
        return Files.exists(folder.resolve("recipe.toml"))
                && Files.exists(folder.resolve("metrics.csv"))
                && Files.exists(folder.resolve("run.json"));
    }

    /** Number of leading folders that all paths share; the rest of each path names its run. */
    private int sharedNames() {
        Path first = runs.get(0).toAbsolutePath().normalize();
        int shared = first.getNameCount() - 1;
        for (Path folder : runs) {
            Path path = folder.toAbsolutePath().normalize();
            shared = Math.min(shared, path.getNameCount() - 1);
            while (shared > 0 && !path.subpath(0, shared).equals(first.subpath(0, shared))) {
                shared--;
            }
        }
        return shared;
    }

    /** Reads the folder of a run for the page. */
    static ComparePage.Run read(String name, Path folder) throws IOException {
        Map<String, String> recipe = RecipeFile.entries(RecipeFile.read(folder.resolve("recipe.toml"), List.of()));
        return ComparePage.Run.read(name, folder, recipe);
    }
}
