package yolompi.report.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import yolompi.io.AtomicFile;
import yolompi.report.image.Chart;
import yolompi.report.metrics.BoxStatistics;
import yolompi.report.metrics.MetricsRow;
import yolompi.report.metrics.RankHistory;
import yolompi.report.metrics.RunFacts;
import yolompi.report.metrics.RunHistory;

/**
 * Writes the page of a run, {@code index.html} in its run folder: one self-contained file that
 * needs no server. The page is built from the files of the run folder only, so it can be rebuilt
 * at any time.
 */
public final class RunPage {
    /** Folder of the images that the page shows, sorted by name. */
    public static final String PICTURES = "pictures";

    /** The last evaluation, in the format of {@code eval --json}. */
    public static final String EVALUATION = EvaluationFacts.FILE;

    private static final String FILE = "index.html";

    private RunPage() {}

    record Fact(String name, String value) {}

    record PictureView(String caption, String base64) {}

    record RankView(String name, String own, String dataWait, String communication) {}

    record RanksView(List<RankView> rows) {}

    record ClassView(String name, String boxes, double part) {}

    record LabelsView(List<ClassView> classes, List<Double> centres, List<Double> sizes) {}

    record AttemptView(
            String time, long fromStep, int ranks, String host, int threads, String compute, String versions) {}

    /** The values of the template. An optional part is a list of zero or one elements. */
    record View(
            String name,
            String summary,
            List<Fact> facts,
            List<Chart> charts,
            List<RanksView> ranks,
            List<EvaluationView> evaluation,
            boolean hasPictures,
            List<PictureView> pictures,
            List<LabelsView> labels,
            List<AttemptView> attempts,
            String recipe) {}

    /**
     * Writes or replaces the page of a run folder.
     *
     * @return the file
     * @throws yolompi.InputException if the folder is not a run folder
     */
    public static Path write(Path runFolder) throws IOException {
        RunFacts facts = RunFacts.of(runFolder);
        RunHistory history = RunHistory.read(runFolder);
        List<RankHistory> ranks = RankHistory.read(runFolder);
        List<Chart> charts = new RunCharts(history, ranks, facts.stepsPerEpoch()).all();
        Optional<EvaluationView> evaluation = EvaluationFacts.read(runFolder).map(EvaluationView::of);
        List<PictureView> pictures = pictures(runFolder.resolve(PICTURES));
        Path recipe = runFolder.resolve("recipe.toml");
        View view = new View(
                title(runFolder),
                summary(facts, history),
                new RunNumbers(facts, history).all(),
                charts,
                ranks(ranks),
                evaluation.stream().toList(),
                !pictures.isEmpty(),
                pictures,
                BoxStatistics.read(runFolder).map(RunPage::labels).stream().toList(),
                facts.attempts().stream().map(RunPage::attempt).toList(),
                Files.exists(recipe) ? Files.readString(recipe) : "");
        List<Chart> all = new ArrayList<>(charts);
        evaluation.ifPresent(last -> all.addAll(last.charts()));
        byte[] page = PageFiles.fill("run.html", view, PageFiles.Frame.of(all)).getBytes(StandardCharsets.UTF_8);
        Path file = in(runFolder);
        AtomicFile.write(file, out -> out.write(page));
        return file;
    }

    /** The path of a run's page. */
    public static Path in(Path runFolder) {
        return runFolder.resolve(FILE);
    }

    /** The run folder's name, or its parent's name if the folder is just called {@code run}. */
    private static String title(Path runFolder) {
        Path folder = runFolder.toAbsolutePath().normalize();
        Path parent = folder.getParent();
        boolean nameless = folder.endsWith("run") && parent.getFileName() != null;
        return (nameless ? parent : folder).getFileName().toString();
    }

    private static String summary(RunFacts facts, RunHistory history) {
        long epoch = history.epochs().stream().mapToInt(MetricsRow::epoch).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "%s, %,d parameters, %.2f GFLOPs at %d pixels; %d training images, %d validation images,"
                        + " %d classes. %d of %d epochs; %s.",
                facts.network(),
                facts.parameters(),
                facts.gigaflops(),
                facts.size(),
                facts.images(),
                facts.validationImages(),
                facts.classes().size(),
                epoch,
                facts.epochs(),
                facts.ending().isEmpty() ? "running or interrupted" : facts.ending());
    }

    private static List<RanksView> ranks(List<RankHistory> ranks) {
        List<RankView> rows = RankHistory.summaries(ranks).stream()
                .map(rank ->
                        new RankView(rank.name(), ms(rank.ownMs()), ms(rank.dataWaitMs()), ms(rank.communicationMs())))
                .toList();
        return rows.isEmpty() ? List.of() : List.of(new RanksView(rows));
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    private static List<PictureView> pictures(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted(Comparator.comparing(Path::getFileName))
                    .toList();
        }
        List<PictureView> views = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            String caption = name.substring(0, name.length() - ".jpg".length()).replace('-', ' ');
            views.add(new PictureView(caption, Base64.getEncoder().encodeToString(Files.readAllBytes(file))));
        }
        return views;
    }

    private static LabelsView labels(BoxStatistics labels) {
        long most = Math.max(1, Arrays.stream(labels.boxes()).max().orElse(1));
        List<ClassView> classes = new ArrayList<>();
        for (int id = 0; id < labels.names().size(); id++) {
            long boxes = labels.boxes()[id];
            classes.add(new ClassView(
                    labels.names().get(id), String.format(Locale.ROOT, "%,d", boxes), (double) boxes / most));
        }
        long[][] upwards = labels.sizes().clone();
        Collections.reverse(Arrays.asList(upwards));
        return new LabelsView(classes, parts(labels.centres()), parts(upwards));
    }

    /** The count of each cell as a fraction of the highest count. */
    private static List<Double> parts(long[][] counts) {
        long most = Math.max(
                1, Arrays.stream(counts).flatMapToLong(Arrays::stream).max().orElse(1));
        return Arrays.stream(counts)
                .flatMapToLong(Arrays::stream)
                .mapToObj(count -> Math.round(1000.0 * count / most) / 1000.0)
                .toList();
    }

    private static AttemptView attempt(RunFacts.Attempt attempt) {
        String versions = attempt.versions().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(version -> version.getKey() + " " + version.getValue())
                .collect(Collectors.joining(", "));
        return new AttemptView(
                attempt.time(),
                attempt.fromStep(),
                attempt.ranks(),
                attempt.host(),
                attempt.threads(),
                attempt.compute(),
                versions);
    }
}
