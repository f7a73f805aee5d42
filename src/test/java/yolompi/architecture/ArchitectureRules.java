package yolompi.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/**
 * The rules that the packages of this program keep.
 *
 * @param root the package that holds them: {@code yolompi}, or the fixture that breaks each rule
 */
public record ArchitectureRules(String root) {
    /** Which packages a package may use, each with its sub-packages. All may use the root package; {@code cli} may use all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(PackageRule.ROOT, Set.of()),
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
            Map.entry("geometry", Set.of()));

    /** The rules by name. */
    public Map<String, ArchRule> byName() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("top-level packages form no cycle", noCycles("(*).."));
        rules.put("sub-packages form no cycle", noCycles("(**)"));
        rules.put("each package uses only the packages it may", classes().should(new PackageRule(root, MAY_USE)));
        rules.put("nothing uses the commands", isUsedOnlyIn("cli", root + ".cli.."));
        rules.put("MPI is in dist alone", isUsedOnlyIn("dist", "mpi.."));
        rules.put("JHDF5 is in data alone", isUsedOnlyIn("data", "ch.systemsx.."));
        rules.put("the HDF5 library is in data alone", isUsedOnlyIn("data", "hdf.hdf5lib.."));
        rules.put("picocli is in cli alone", isUsedOnlyIn("cli", "picocli.."));
        rules.put("FFmpeg is in predict alone", isUsedOnlyIn("predict", "org.bytedeco.ffmpeg.."));
        rules.put("LibTorch stays out of plain Java", libTorchStaysOutOfPlainJava());
        rules.put("one class decodes images", oneClassDecodesImages());
        rules.put("only a command ends the JVM", onlyACommandEndsTheJvm());
        rules.put("names say what a class does", namesSayWhatAClassDoes());
        return rules;
    }

    private ArchRule noCycles(String slice) {
        return slices().matching(root + "." + slice).should().beFreeOfCycles();
    }

    private ArchRule isUsedOnlyIn(String user, String library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + "." + user + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private ArchRule libTorchStaysOutOfPlainJava() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root, root + ".data..", root + ".geometry..", root + ".recipe..", root + ".report..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.pytorch..");
    }

    /** Each reader of an image sees the same pixels. */
    private ArchRule oneClassDecodesImages() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".data.ImageDecoder")
                .should()
                .callMethodWhere(target(nameMatching("im(decode|read).*"))
                        .and(target(owner(JavaClass.Predicates.equivalentTo(opencv_imgcodecs.class)))));
    }

    private ArchRule onlyACommandEndsTheJvm() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class);
    }

    private static ArchRule namesSayWhatAClassDoes() {
        return classes()
                .should()
                .haveNameNotMatching(".*(Utils?|Helpers?|Manager|Common)(\\$.*)?")
                .andShould()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..helper..", "..manager..");
    }
}
