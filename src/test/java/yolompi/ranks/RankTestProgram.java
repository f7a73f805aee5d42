package yolompi.ranks;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import yolompi.distributed.Communicator;
import yolompi.torch.DeviceContext;
import yolompi.torch.LoadLibTorch;

/**
 * A rank that calls all {@link RankTest} methods of a class, sorted by name, and prints the result
 * of each. Argument: {@code CLASS}.
 */
public final class RankTestProgram {
    /** Only ends a hang; all methods of a class take seconds. */
    static final Duration TIME_LIMIT = Duration.ofMinutes(5);

    private RankTestProgram() {}

    public static void main(String[] args) throws Throwable {
        LoadLibTorch.now();
        DeviceContext.useThreads(1);
        RankTestCase<?> test = create(Class.forName(args[0]));
        try (Communicator ranks = Communicator.join()) {
            AutoCloseable opened = test.open(ranks);
            for (Method method : methods(test.getClass())) {
                callInScope(test, method, opened, ranks);
                System.out.println(passed(method.getName()));
            }
            if (opened != ranks) {
                opened.close();
            }
        }
    }

    /** The line that a rank prints for a method that has passed. */
    static String passed(String method) {
        return "passed: " + method;
    }

    private static RankTestCase<?> create(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (RankTestCase<?>) constructor.newInstance();
    }

    /** All ranks must call them in the same order. */
    private static List<Method> methods(Class<?> type) {
        return type == Object.class
                ? List.of()
                : Stream.concat(methods(type.getSuperclass()).stream(), Arrays.stream(type.getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(RankTest.class))
                        .sorted(Comparator.comparing(Method::getName))
                        .toList();
    }

    /**
     * A rank that fails ends the job, because the others may wait for it in a collective. Later
     * methods do not pass.
     */
    private static void callInScope(RankTestCase<?> test, Method method, Object opened, Communicator ranks)
            throws Throwable {
        try (PointerScope scope = new PointerScope()) {
            call(test, method, opened);
        } catch (Throwable e) {
            System.out.println("failed: " + method.getName());
            e.printStackTrace();
            ranks.fail(method.getName() + " failed");
            throw e;
        }
    }

    /** Calls a method, and rethrows its exception. */
    static void call(RankTestCase<?> test, Method method, Object opened) throws Throwable {
        method.setAccessible(true);
        try {
            method.invoke(test, opened);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
