package yolompi.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import yolompi.pack.PackReport;
import yolompi.pack.annotation.PackIssue;

/** The output of {@code pack}: a summary, with the first few files for each kind of problem. */
final class PackTable {
    private static final int FILES_PER_KIND = 5;
    private static final int CLASSES = 100;

    private final PackReport report;
    private final Path out;
    private final StringBuilder text = new StringBuilder();

    PackTable(PackReport report, Path out) {
        this.report = report;
        this.out = out;
    }

    String text() {
        row(
                "images",
                report.images()
                        + (report.imagesWithoutBoxes().isEmpty()
                                ? ""
                                : " (" + report.imagesWithoutBoxes().size() + " without boxes, kept)"));
        row("boxes", String.valueOf(report.boxes()));
        report.boxesPerClass().entrySet().stream()
                .limit(CLASSES)
                .forEach(entry -> row("  " + entry.getKey(), String.valueOf(entry.getValue())));
        if (report.boxesPerClass().size() > CLASSES) {
            line("  and " + (report.boxesPerClass().size() - CLASSES) + " more classes");
        }
        PackReport.BoxSizes sizes = report.boxSizes();
        row(
                "box sizes",
                "%d small (< 32 px), %d medium, %d large (>= 96 px)"
                        .formatted(sizes.small(), sizes.medium(), sizes.large()));
        row(
                "box edges",
                String.format(
                        Locale.ROOT,
                        "%.1f min, %.1f median, %.1f max (px)",
                        sizes.minEdge(),
                        sizes.medianEdge(),
                        sizes.maxEdge()));
        issues("dropped", report.dropped());
        issues("repaired", report.repaired());
        row(
                "shards",
                String.format(
                        Locale.ROOT, "%d, %.1f MiB, in %s", report.shards(), report.imageBytes() / 1048576.0, out));
        row("fingerprint", report.fingerprint());
        return text.toString();
    }

    private void issues(String title, List<PackIssue> issues) {
        row(title, issues.isEmpty() ? "none" : String.valueOf(issues.size()));
        Map<PackIssue.Kind, List<PackIssue>> byKind =
                issues.stream().collect(Collectors.groupingBy(PackIssue::kind, TreeMap::new, Collectors.toList()));
        byKind.forEach((kind, its) -> {
            row("  " + kind.text(), String.valueOf(its.size()));
            its.stream()
                    .limit(FILES_PER_KIND)
                    .forEach(issue ->
                            line("    " + issue.file() + (issue.detail().isEmpty() ? "" : ": " + issue.detail())));
            if (its.size() > FILES_PER_KIND) {
                line("    and %d more: see pack-report.json".formatted(its.size() - FILES_PER_KIND));
            }
        });
    }

    private void row(String name, String value) {
        line(String.format("%-40s %s", name, value));
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
