package yolompi.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Checks that an inner package is used only by its own top-level package and those listed. */
final class InnerPackageRule extends ArchCondition<JavaClass> {
    private static final String USES_ALL = "cli";

    private final String root;
    private final Map<String, Set<String>> mayBeUsedBy;

    InnerPackageRule(String root, Map<String, Set<String>> mayBeUsedBy) {
        super("use inner packages of others only where these are open to them");
        this.root = root;
        this.mayBeUsedBy = mayBeUsedBy;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String user = topLevel(name(type));
        if (user.equals(USES_ALL)) {
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String used = name(dependency.getTargetClass().getBaseComponentType());
            Set<String> users = mayBeUsedBy.get(used);
            if (users != null && !topLevel(used).equals(user) && !users.contains(user)) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    /**
     * Returns the name of the package below the root; empty for the root and for other libraries.
     */
    private String name(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(root + ".") ? name.substring(root.length() + 1) : "";
    }

    private static String topLevel(String name) {
        return name.replaceFirst("\\..*", "");
    }
}
