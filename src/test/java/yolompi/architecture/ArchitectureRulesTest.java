package yolompi.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Each rule reports its violations: the classes in {@code yolompi.architecture.broken} violate all
 * rules.
 */
class ArchitectureRulesTest {
    private static final String BROKEN = "yolompi.architecture.broken";
    private static final Map<String, ArchRule> RULES = new ArchitectureRules(BROKEN).byName();
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(BROKEN);

    @SuppressWarnings("unused") // the source of eachRuleReportsAViolation
    private static final Iterable<String> NAMES = RULES.keySet();

    @ParameterizedTest
    @FieldSource("NAMES")
    void eachRuleReportsAViolation(String name) {
        assertThat(violationsOf(name)).isNotEmpty();
    }

    @Test
    void cycleOfTwoTopLevelPackagesThroughDifferentSubPackagesIsACycle() {
        assertThat(violationsOf("top-level packages form no cycle"))
                .contains("Slice cli", "Slice geometry")
                .doesNotContain("Slice geometry.inner");
    }

    @Test
    void cycleInsideATopLevelPackageIsACycle() {
        assertThat(violationsOf("sub-packages form no cycle"))
                .contains("Slice geometry", "Slice geometry.inner")
                .doesNotContain("Slice cli");
    }

    @Test
    void packageRuleNamesTheUnlistedPackageAndTheForbiddenUse() {
        assertThat(violationsOf("each package uses only the packages it may"))
                .contains("Package <unlisted>", "geometry.BoxHelper", "cli.Command")
                .doesNotContain("<yolompi.architecture.broken.geometry.inner.Corner.");
    }

    private static String violationsOf(String name) {
        return String.join(
                "\n", RULES.get(name).evaluate(CLASSES).getFailureReport().getDetails());
    }
}
