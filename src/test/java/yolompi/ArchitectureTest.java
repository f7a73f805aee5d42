package yolompi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The rooms of the code and the doors between them. */
@AnalyzeClasses(packages = "yolompi", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final int MOST_LINES = 300;

    /** Which rooms a room may use; all may use the root package, and {@code cli} may use all. */
    private static final Map<String, Set<String>> ROOMS = new TreeMap<>(Map.ofEntries(
            Map.entry("recipe", Set.of()),
            Map.entry("campaign", Set.of("recipe")),
            Map.entry(
                    "train",
                    Set.of(
                            "data",
                            "model",
                            "detect",
                            "dist",
                            "eval",
                            "checkpoint",
                            "report",
                            "recipe",
                            "torch",
                            "geometry")),
            Map.entry("data", Set.of("geometry", "recipe")),
            Map.entry("model", Set.of("torch", "recipe")),
            Map.entry("detect", Set.of("model", "geometry", "recipe", "torch")),
            Map.entry("eval", Set.of("detect", "data", "dist", "geometry", "recipe")),
            Map.entry("export", Set.of("model", "detect", "torch")),
            Map.entry("predict", Set.of("data", "detect", "eval", "geometry", "report", "torch")),
            Map.entry("dist", Set.of("torch", "recipe")),
            Map.entry("checkpoint", Set.of("torch", "recipe")),
            Map.entry("report", Set.of("geometry")),
            Map.entry("torch", Set.of()),
            Map.entry("geometry", Set.of())));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("yolompi.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_USES_THE_COMMANDS = noClasses()
            .that()
            .resideOutsideOfPackage("yolompi.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("yolompi.cli..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule MPI_IS_IN_DIST_ALONE = only("dist", "mpi..");

    @ArchTest
    static final ArchRule HDF5_IS_IN_DATA_ALONE = only("data", "ch.systemsx..");

    @ArchTest
    static final ArchRule PICOCLI_IS_IN_CLI_ALONE = only("cli", "picocli..");

    @ArchTest
    static final ArchRule FFMPEG_IS_IN_PREDICT_ALONE = only("predict", "org.bytedeco.ffmpeg..");

    /** A picture looks the same to whoever opens it. */
    @ArchTest
    static final ArchRule IMAGES_ARE_DECODED_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("yolompi.data.ImageDecoder")
            .should()
            .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.nameMatching("im(decode|read).*"))
                    .and(JavaCall.Predicates.target(HasOwner.Predicates.With.owner(
                            JavaClass.Predicates.equivalentTo(opencv_imgcodecs.class)))));

    @ArchTest
    static final ArchRule LIBTORCH_STAYS_OUT_OF_PLAIN_JAVA = noClasses()
            .that()
            .resideInAnyPackage(
                    "yolompi", "yolompi.data..", "yolompi.geometry..", "yolompi.recipe..", "yolompi.report..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.pytorch..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_DOES = classes()
            .should()
            .haveNameNotMatching(".*(Utils?|Helpers?|Manager|Common)(\\$.*)?")
            .andShould()
            .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..", "..manager..");

    @ArchTest
    static final ArchRule ONLY_THE_ENTRY_EXITS = noClasses()
            .that()
            .resideOutsideOfPackage("yolompi.cli")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .allowEmptyShould(true);

    @TestFactory
    Stream<DynamicTest> eachRoomUsesOnlyTheRoomsItMay() {
        JavaClasses imported = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("yolompi");
        return ROOMS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> mayUse(room.getKey(), room.getValue())
                        .check(imported)));
    }

    @TestFactory
    Stream<DynamicTest> eachPackageOfTheSourcesIsARoom() throws IOException {
        return packages().stream()
                .map(room ->
                        DynamicTest.dynamicTest(room, () -> assertThat(ROOMS.containsKey(room) || room.equals("cli"))
                                .isTrue()));
    }

    @TestFactory
    Stream<DynamicTest> eachSourceFileIsShortEnoughToRead() throws IOException {
        return sources().stream()
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> assertThat(Files.readAllLines(file))
                        .as("lines of %s: split it by concept", file)
                        .hasSizeLessThan(MOST_LINES)));
    }

    private static ArchRule mayUse(String room, Set<String> others) {
        Set<String> allowed = new HashSet<>(others);
        allowed.add(room);
        return noClasses()
                .that()
                .resideInAPackage("yolompi." + room + "..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are in other rooms than " + allowed,
                        used -> isInARoom(used) && !allowed.contains(roomOf(used))))
                .allowEmptyShould(true);
    }

    private static boolean isInARoom(JavaClass type) {
        return type.getPackageName().startsWith("yolompi.");
    }

    private static String roomOf(JavaClass type) {
        String room = type.getPackageName().substring("yolompi.".length());
        int dot = room.indexOf('.');
        return dot < 0 ? room : room.substring(0, dot);
    }

    private static ArchRule only(String room, String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage("yolompi." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> packages() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("src/main/java/yolompi"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
