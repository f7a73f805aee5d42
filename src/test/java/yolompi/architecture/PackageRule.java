package yolompi.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Checks that each class uses only the packages that its top-level package may use. */
final class PackageRule extends ArchCondition<JavaClass> {
    /** The name of the root package in the table. */
    static final String ROOT = "";

    private static final String USES_ALL = "cli";

    private final String root;
    private final Map<String, Set<String>> mayUse;

    PackageRule(String root, Map<String, Set<String>> mayUse) {
        super("use only the packages that their top-level package may use");
        this.root = root;
        this.mayUse = mayUse;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String user = topLevel(type);
        if (user.equals(USES_ALL)) {
            return;
        }
        Set<String> allowed = mayUse.get(user);
        if (allowed == null) {
            events.add(SimpleConditionEvent.violated(
                    type, "Package <%s> of <%s> is not in the table of packages".formatted(user, type.getName())));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass used = dependency.getTargetClass().getBaseComponentType();
            if (isBelowRoot(used) && !topLevel(used).equals(user) && !allowed.contains(topLevel(used))) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    private boolean isBelowRoot(JavaClass type) {
        return type.getPackageName().startsWith(root + ".");
    }

    private String topLevel(JavaClass type) {
        return isBelowRoot(type)
                ? type.getPackageName().substring(root.length() + 1).replaceFirst("\\..*", "")
                : ROOT;
    }
}
