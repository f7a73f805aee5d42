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
 * The rules for the packages of this program.
 *
 * @param root the checked package: {@code yolompi}, or the fixture that breaks each rule
 */
public record ArchitectureRules(String root) {
    /**
     * The packages that a package may use, each with its sub-packages. All may use the root
     * package; {@code cli} may use all.
     */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry(PackageRule.ROOT, Set.of()),
            Map.entry("recipe", Set.of()),
            Map.entry("io", Set.of()),
            Map.entry("geometry", Set.of()),
            Map.entry("torch", Set.of()),
            Map.entry("campaign", Set.of("recipe", "io")),
            Map.entry("data", Set.of("geometry", "recipe", "io")),
            Map.entry("pack", Set.of("data", "geometry", "io")),
            Map.entry("synthetic", Set.of("pack", "geometry", "io")),
            Map.entry("anchors", Set.of("data", "geometry", "report")),
            Map.entry("model", Set.of("torch", "recipe", "io")),
            Map.entry("optim", Set.of("model", "recipe", "torch")),
            Map.entry("detect", Set.of("model", "geometry", "recipe", "torch")),
            Map.entry("distributed", Set.of("torch", "recipe", "io")),
            Map.entry("eval", Set.of("detect", "data", "distributed", "geometry", "recipe", "io")),
            Map.entry("checkpoint", Set.of("torch", "recipe", "io")),
            Map.entry("weights", Set.of("checkpoint", "model", "optim", "distributed", "recipe", "torch", "io")),
            Map.entry("report", Set.of("geometry", "io")),
            Map.entry("export", Set.of("model", "detect", "torch", "io")),
            Map.entry("predict", Set.of("data", "detect", "eval", "geometry", "report", "torch", "io")),
            Map.entry(
                    "train",
                    Set.of(
                            "data",
                            "model",
                            "optim",
                            "weights",
                            "detect",
                            "distributed",
                            "eval",
                            "checkpoint",
                            "report",
                            "recipe",
                            "torch",
                            "geometry",
                            "io")),
            Map.entry(
                    "bench",
                    Set.of(
                            "train",
                            "data",
                            "model",
                            "optim",
                            "detect",
                            "distributed",
                            "eval",
                            "recipe",
                            "torch",
                            "io")));

    /**
     * The packages outside its own top-level package that may use an inner package, each with its
     * sub-packages. {@code cli} may use all. An inner package that is not listed is open to all.
     */
    private static final Map<String, Set<String>> MAY_BE_USED_BY = Map.ofEntries(
            Map.entry("data.image", Set.of("pack", "predict")),
            Map.entry("data.augment", Set.of("pack", "predict", "eval", "train", "bench")),
            Map.entry("data.loader", Set.of("eval", "train", "bench")),
            Map.entry("pack.annotation", Set.of()),
            Map.entry("model.darknet", Set.of("weights", "train")),
            Map.entry("model.loss", Set.of("train")),
            Map.entry("distributed.collective", Set.of("train", "bench")),
            Map.entry("distributed.ddp", Set.of("train")),
            Map.entry("distributed.device", Set.of("train", "weights", "bench")),
            Map.entry("eval.coco", Set.of("predict")),
            Map.entry("report.tensorboard", Set.of("train")),
            Map.entry("train.setup", Set.of("bench")),
            Map.entry("train.step", Set.of("bench")),
            Map.entry("train.log", Set.of()),
            Map.entry("train.memory", Set.of("bench")),
            Map.entry("train.stop", Set.of()));

    /** The rules by name. */
    public Map<String, ArchRule> byName() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("top-level packages form no cycle", noCycles("(*).."));
        rules.put("sub-packages form no cycle", noCycles("(**)"));
        rules.put("each package uses only the packages it may", classes().should(new PackageRule(root, MAY_USE)));
        rules.put("inner packages stay private", classes().should(new InnerPackageRule(root, MAY_BE_USED_BY)));
        rules.put("nothing uses the commands", isUsedOnlyIn("cli", root + ".cli.."));
        rules.put("only distributed uses MPI", isUsedOnlyIn("distributed", "mpi.."));
        rules.put("only data.shard uses JHDF5", isUsedOnlyIn("data.shard", "ch.systemsx.."));
        rules.put("only data.shard uses the HDF5 library", isUsedOnlyIn("data.shard", "hdf.hdf5lib.."));
        rules.put("only cli uses picocli", isUsedOnlyIn("cli", "picocli.."));
        rules.put("only predict uses FFmpeg", isUsedOnlyIn("predict", "org.bytedeco.ffmpeg.."));
        rules.put("plain Java packages do not use LibTorch", libTorchStaysOutOfPlainJava());
        rules.put("only one class decodes images", oneClassDecodesImages());
        rules.put("only commands end the JVM", onlyACommandEndsTheJvm());
        rules.put("class names say what the class does", namesSayWhatAClassDoes());
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

    /** So all readers of an image get the same pixels. */
    private ArchRule oneClassDecodesImages() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".data.image.ImageDecoder")
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
