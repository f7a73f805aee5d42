package yolompi;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The summary at the end of {@code mpi/verify.sh}, from the reports of Surefire and Failsafe: the
 * ten slowest classes, skipped tests with their reasons, failed tests with the logs of their ranks,
 * and the total. The exit status is 1 if a test failed or none ran.
 */
final class TestSummary {
    private static final int SLOWEST = 10;

    private final Path target;
    private final Map<String, Double> secondsOfClass = new TreeMap<>();
    private final Map<String, Map<String, Integer>> skippedByReasonAndClass = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int passed;
    private int skipped;

    private TestSummary(Path target) {
        this.target = target;
    }

    /**
     * Prints the summary and exits.
     *
     * @param args the build folder, {@code target}
     */
    public static void main(String[] args) throws IOException {
        System.exit(print(Path.of(args[0]), System.out));
    }

    /** Prints the summary of the reports in a build folder; returns the exit status. */
    static int print(Path target, PrintStream out) throws IOException {
        TestSummary summary = new TestSummary(target);
        for (Path report : summary.reports()) {
            summary.add(report);
        }
        summary.addLostClasses();
        summary.print(out);
        return summary.failures.isEmpty() && summary.passed + summary.skipped > 0 ? 0 : 1;
    }

    private List<Path> reports() throws IOException {
        List<Path> reports = new ArrayList<>();
        for (String folder : List.of("surefire-reports", "failsafe-reports")) {
            if (Files.isDirectory(target.resolve(folder))) {
                try (Stream<Path> files = Files.list(target.resolve(folder))) {
                    files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                            .sorted()
                            .forEach(reports::add);
                }
            }
        }
        return reports;
    }

    private void add(Path report) {
        Element suite;
        try {
            suite = parse(report);
        } catch (IOException e) {
            failures.add("the report of a test class can't be read: " + e.getMessage());
            return;
        }
        secondsOfClass.merge(
                suite.getAttribute("name"),
                Double.valueOf(suite.getAttribute("time").replace(",", "")),
                Double::sum);
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            add((Element) cases.item(i));
        }
    }

    /**
     * A JVM that ended in an integration test leaves no report of the class; only Failsafe's
     * summary reports it.
     */
    private void addLostClasses() throws IOException {
        Path file = target.resolve("failsafe-reports/failsafe-summary.xml");
        if (!Files.exists(file)) {
            return;
        }
        Element summary = parse(file);
        String message = child(summary, "failureMessage").getTextContent().strip();
        if (!message.isEmpty() || summary.getAttribute("timeout").equals("true")) {
            String classes = message.lines()
                    .filter(line -> line.startsWith("yolompi."))
                    .distinct()
                    .collect(Collectors.joining(", "));
            failures.add("a JVM of the integration tests ended during a test, in: " + classes + "\n    "
                    + message.replaceFirst("(?s)\\n.*", "") + "\n    see verify.log and failsafe-reports in " + target);
        }
    }

    private void add(Element test) {
        String className = test.getAttribute("classname");
        String name = className.substring(className.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
        if (child(test, "failure") != null || child(test, "error") != null) {
            failures.add(name + rankLogs(className, test.getAttribute("name")));
        } else if (child(test, "skipped") != null) {
            skipped++;
            skippedByReasonAndClass
                    .computeIfAbsent(reason(child(test, "skipped")), reason -> new TreeMap<>())
                    .merge(className, 1, Integer::sum);
        } else {
            passed++;
        }
    }

    /** The message, or the first line of the stack trace, without JUnit's prefix. */
    private static String reason(Element skipped) {
        String message = skipped.getAttribute("message");
        String text = message.isEmpty() ? skipped.getTextContent().strip() : message;
        return text.replaceFirst("(?s)\n.*", "")
                .replaceFirst("^[\\w.]*TestAbortedException: ", "")
                .replaceFirst("^Assumption failed: ", "");
    }

    /** The folders that {@code RankLogs} kept for a test, or else for its class. */
    private String rankLogs(String className, String test) {
        Path folder = target.resolve("rank-logs").resolve(className);
        String method = test.replaceFirst("[^\\w].*", "");
        List<Path> ofClass = folders(folder);
        List<Path> ofTest = ofClass.stream()
                .filter(path -> path.getFileName().toString().startsWith(method + "-"))
                .toList();
        return (ofTest.isEmpty() ? ofClass : ofTest)
                .stream().map(path -> "\n    ranks: " + path).collect(Collectors.joining());
    }

    private static List<Path> folders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(PrintStream out) {
        double seconds = secondsOfClass.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        out.printf("%n%d classes in %.0f s of test time; the slowest:%n", secondsOfClass.size(), seconds);
        secondsOfClass.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SLOWEST)
                .forEach(entry -> out.printf("  %6.1f s  %s%n", entry.getValue(), entry.getKey()));
        if (skipped > 0) {
            out.printf("%nSkipped:%n");
            skippedByReasonAndClass.forEach((reason, counts) -> {
                out.printf("  %s%n", reason.isEmpty() ? "(no reason given)" : reason);
                counts.forEach((className, count) -> out.printf("    %s: %d%n", className, count));
            });
        }
        if (!failures.isEmpty()) {
            out.printf("%nFailed:%n");
            failures.forEach(failure -> out.printf("  %s%n", failure));
        }
        out.printf("%n%d passed, %d failed, %d skipped%n", passed, failures.size(), skipped);
    }

    private static Element child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static Element parse(Path report) throws IOException {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            builder.setErrorHandler(null); // the exception has the message
            return builder.parse(report.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + ": " + e.getMessage(), e);
        }
    }
}
