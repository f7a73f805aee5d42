package yolompi.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import yolompi.report.page.RunCharts;
import yolompi.report.page.RunPage;

@Command(
        name = "report",
        description = "Rewrites the page of a run (index.html in its folder) and writes its charts as PNG files.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Folder of a run, such as runs/shapes-tiny.")
    private Path run;

    @Override
    public Integer call() throws IOException {
        Path page = RunPage.write(run);
        System.out.printf("%s, and %d charts in %s%n", page, RunCharts.write(run), run.resolve(RunCharts.FOLDER));
        return 0;
    }
}
