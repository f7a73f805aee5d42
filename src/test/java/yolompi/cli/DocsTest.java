package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documentation names only what exists; {@code DocsRulesTest} shows that each rule can fail.
 */
final class DocsTest {
    private static final Path README = Path.of("README.md");
    private static final Path DOCS = Path.of("src/docs");
    private static final Path SLURM = Path.of("slurm/README.md");
    private static final Path DATA_PREP = Path.of("data-prep/README.md");
    private static final Path CONTRIBUTING = Path.of(".github/CONTRIBUTING.md");
    private static final int MAX_README_LINES = 200;
    private static final int MAX_COLUMNS = 120;

    private static DocsRules rules;

    @BeforeAll
    static void readSourcesAndCommands() throws IOException {
        rules = new DocsRules();
    }

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(mainPages());
        pages.addAll(List.of(SLURM, DATA_PREP));
        return pages;
    }

    static List<Path> mainPages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(README, CONTRIBUTING));
        pages.addAll(docs());
        return pages;
    }

    private static List<Path> docs() throws IOException {
        return DocsRules.filesBelow(DOCS).stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }

    @Test
    void readmeIsShortAndNarrow() throws IOException {
        List<String> lines = Files.readAllLines(README);
        assertThat(lines).hasSizeLessThanOrEqualTo(MAX_README_LINES);
        assertThat(lines).filteredOn(DocsTest::isWide).isEmpty();
    }

    /** Table rows and code cannot always be broken. */
    @ParameterizedTest
    @MethodSource("mainPages")
    void proseIsNarrow(Path page) throws IOException {
        assertThat(MarkdownPage.read(page).prose())
                .filteredOn(line -> !line.startsWith("|") && isWide(line))
                .isEmpty();
    }

    private static boolean isWide(String line) {
        return line.codePointCount(0, line.length()) > MAX_COLUMNS;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadToFilesAndHeadings(Path page) throws IOException {
        assertThat(rules.brokenLinks(MarkdownPage.read(page))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsHaveTheirOptions(Path page) throws IOException {
        assertThat(rules.unknownArguments(MarkdownPage.read(page))).isEmpty();
    }

    /** The page about Slurm names options of {@code sbatch}, too. */
    @ParameterizedTest
    @MethodSource("mainPages")
    void optionsBelongToACommandOrScript(Path page) throws IOException {
        assertThat(rules.unknownOptions(MarkdownPage.read(page))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void recipeKeysExist(Path page) throws IOException {
        assertThat(rules.unknownKeys(MarkdownPage.read(page))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void filesExist(Path page) throws IOException {
        assertThat(rules.missingFiles(MarkdownPage.read(page))).isEmpty();
    }

    /** The page about Slurm names settings of Slurm that look like classes. */
    @ParameterizedTest
    @MethodSource("mainPages")
    void classesExist(Path page) throws IOException {
        assertThat(rules.unknownClasses(MarkdownPage.read(page))).isEmpty();
    }

    @Test
    void diagramOfTheReadmeNamesClasses() throws IOException {
        MarkdownPage readme = MarkdownPage.read(README);
        assertThat(readme.code()).anyMatch(line -> line.contains("YoloLoss"));
        assertThat(rules.unknownCompounds(readme)).isEmpty();
    }

    @Test
    void readmeLinksEveryPage() throws IOException {
        Set<String> links = new HashSet<>(MarkdownPage.read(README).links());
        Stream<Path> pages = Stream.concat(docs().stream(), Stream.of(SLURM, DATA_PREP, CONTRIBUTING));
        assertThat(pages.map(Path::toString)).isSubsetOf(links);
    }

    @Test
    void packageMapNamesEveryPackage() throws IOException {
        Set<String> map = DocsRules.packagesOfMap(MarkdownPage.read(README).firstCells("## Package map"));
        assertThat(map).isEqualTo(DocsRules.packagesOfSources());
    }
}
