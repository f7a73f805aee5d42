package yolompi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import yolompi.model.Layer;
import yolompi.model.LayerSpec;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.recipe.DistRecipe.Backend;
import yolompi.recipe.LossRecipe.BoxTerm;
import yolompi.recipe.OptimizerRecipe;
import yolompi.recipe.Recipe;
import yolompi.recipe.RecipeReference;

/**
 * The lists of {@code extending.md} are true: each variant that exists today is in the places that
 * the page names for a new one. {@link DocsTest} checks that these places exist.
 */
final class ExtendingDocTest {
    private static final Path DOCS = Path.of("src/docs");
    private static final Pattern ITEM = Pattern.compile("(\\d+)\\. (.*)");

    /** The numbered items of each section, by its heading. */
    private static final Map<String, List<String>> SECTIONS = new LinkedHashMap<>();

    @BeforeAll
    static void readSections() throws IOException {
        SECTIONS.putAll(sections(MarkdownPage.read(DOCS.resolve("extending.md")).prose()));
    }

    @Test
    void everySectionHasItemsAndEveryItemNamesAFile() {
        assertThat(SECTIONS).hasSizeGreaterThanOrEqualTo(6);
        SECTIONS.forEach((heading, items) -> {
            assertThat(items).as(heading).hasSizeGreaterThan(2);
            assertThat(items).as(heading).allMatch(item -> item.matches("(?s).*(`[A-Z]\\w+|`[\\w-]+[./]|]\\().*"));
        });
    }

    @Test
    void itemsOfASectionAreJoinedAndNumbered() {
        assertThat(sections(List.of("# T", "## A", "text", "1. `B`: x", "   y", "", "2. z", "## C")))
                .containsExactly(Map.entry("A", List.of("`B`: x y", "z")), Map.entry("C", List.of()));
    }

    static List<RecipeChoice> choices() {
        return choices(Recipe.class, "");
    }

    @ParameterizedTest
    @MethodSource("choices")
    void defaultsNameEveryValueOfAChoice(RecipeChoice choice) {
        assertThat(RecipeReference.markdown().lines())
                .filteredOn(row -> row.startsWith("| `" + choice.key() + "` |"))
                .singleElement()
                .satisfies(row -> assertThat(choice.values()).allMatch(value -> hasWord(row, value)));
    }

    @Test
    void everyBoxLossHasValuesCalculatedByHand() throws IOException {
        assertNamed(sourceOf("A box loss", "by hand"), BoxTerm.values());
    }

    @ParameterizedTest
    @EnumSource
    void annotationFormatIsInTheHelpTheContractTestsAndThePage(AnnotationFormat format) throws IOException {
        String name = name(format);
        String help = String.join(
                " ",
                Main.commandLine()
                        .getSubcommands()
                        .get("pack")
                        .getCommandSpec()
                        .findOption("--format")
                        .description());
        assertThat(hasWord(help, name)).as(help).isTrue();
        assertThat(Files.readString(DOCS.resolve("training.md"))).containsIgnoringCase(name);
        assertTested("An annotation format", format);
    }

    @ParameterizedTest
    @EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void backendHasAPlaceInTheOrderOfAuto(Backend backend) throws IOException {
        assertNamed(sourceOf("A communication backend", "order of `auto`"), backend);
    }

    @Test
    void pageOfBackendsHasARowForEach() throws IOException {
        List<String> cells = MarkdownPage.read(DOCS.resolve("distributed.md")).firstCells("## Backends");
        assertThat(cells.stream().flatMap(cell -> MarkdownPage.spansIn(cell).stream()))
                .contains(
                        Stream.of(Backend.values()).map(ExtendingDocTest::name).toArray(String[]::new));
    }

    @Test
    void everyKindOfLayerIsComputedAndDocumented() throws IOException {
        List<String> kinds = kinds(LayerSpec.class);
        assertThat(kinds(Layer.class)).containsExactlyInAnyOrderElementsOf(kinds);
        String page = Files.readString(DOCS.resolve("models.md"));
        String sections = page.substring(page.indexOf("Supported sections:"));
        assertThat(kinds).allMatch(kind -> sections.contains(kind.toLowerCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @EnumSource
    void optimizerHasAContractTest(OptimizerRecipe.Kind kind) throws IOException {
        assertTested("An optimizer", kind);
    }

    /** A key of the recipe with a fixed list of values. */
    private record RecipeChoice(String key, List<String> values) {}

    private static List<RecipeChoice> choices(Class<?> table, String prefix) {
        List<RecipeChoice> found = new ArrayList<>();
        for (RecordComponent component : table.getRecordComponents()) {
            String key =
                    prefix + component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                found.addAll(choices(component.getType(), key + "."));
            } else if (component.getType().isEnum()) {
                Stream<String> names =
                        Arrays.stream(component.getType().getEnumConstants()).map(constant -> name((Enum<?>) constant));
                found.add(new RecipeChoice(key, names.toList()));
            }
        }
        return found;
    }

    private static Map<String, List<String>> sections(List<String> prose) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> items = new ArrayList<>();
        for (String line : prose) {
            Matcher item = ITEM.matcher(line);
            if (line.startsWith("## ")) {
                items = new ArrayList<>();
                sections.put(line.substring(3), items);
            } else if (item.matches()) {
                items.add(item.group(2));
                assertThat(items).as(line).hasSize(Integer.parseInt(item.group(1)));
            } else if (line.startsWith("   ") && !items.isEmpty()) {
                items.add(items.remove(items.size() - 1) + " " + line.strip());
            }
        }
        return sections;
    }

    /** Simple names of the classes that implement a sealed interface. */
    private static List<String> kinds(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList();
    }

    /** The first class that an item names. The item is found by a phrase. */
    private static Path sourceOf(String section, String phrase) throws IOException {
        String item = SECTIONS.get(section).stream()
                .filter(text -> text.contains(phrase))
                .findFirst()
                .orElseThrow(() -> new AssertionError(section + ": no item says '" + phrase + "'"));
        String name = MarkdownPage.spansIn(item).stream()
                .filter(span -> span.matches("[A-Z]\\w+"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(section + ": no class in: " + item));
        return Stream.concat(
                        DocsRules.filesBelow(Path.of("src/test/java")).stream(),
                        DocsRules.filesBelow(Path.of("src/main/java")).stream())
                .filter(file -> file.endsWith(name + ".java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no source of " + name));
    }

    /** Checks that a class passes the variant to the contract that the section names. */
    private static void assertTested(String section, Enum<?> variant) throws IOException {
        Path contract = sourceOf(section, "that extends");
        String constant = variant.getDeclaringClass().getSimpleName() + "." + variant.name();
        List<Path> tests = new ArrayList<>();
        for (Path file : DocsRules.filesBelow(contract.getParent())) {
            String source = Files.readString(file);
            if (source.contains("Contract {") && hasWord(source, "super\\(" + Pattern.quote(constant))) {
                tests.add(file);
            }
        }
        assertThat(tests).as(constant + " in a subclass of " + contract).isNotEmpty();
    }

    private static void assertNamed(Path source, Enum<?>... constants) throws IOException {
        String text = Files.readString(source);
        assertThat(constants).as(source.toString()).allMatch(constant -> hasWord(text, constant.name()));
    }

    private static boolean hasWord(String text, String word) {
        return Pattern.compile("\\b(?:" + word + ")\\b").matcher(text).find();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
