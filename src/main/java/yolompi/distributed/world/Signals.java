package yolompi.distributed.world;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import yolompi.WrongUsageException;

/**
 * Handles and sends signals of this process.
 *
 * <p>Uses reflection, because javac's warning about sun.misc cannot be switched off, and Java has
 * no other access to signals.
 */
public final class Signals {
    private Signals() {}

    /** Restores a signal's default action, such as the end of the process at {@code TERM}. */
    public static void leaveToKernel(String name) {
        try {
            handle(name, handlerType().getField("SIG_DFL").get(null));
        } catch (ReflectiveOperationException e) {
            throw lacking(e);
        }
    }

    /**
     * Runs an action on its own thread each time that the signal arrives.
     *
     * @return restores the former handler
     * @throws WrongUsageException if the signal does not exist, or if the JVM uses it itself
     */
    public static Runnable on(String name, Runnable action) {
        Object handler = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handlerType()}, (self, method, arguments) -> {
                    // The JVM calls only handle and the methods of Object.
                    if (method.getName().equals("handle")) {
                        action.run();
                    }
                    return switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        case "toString" -> "handler of " + name;
                        default -> null;
                    };
                });
        Object former = handle(name, handler);
        return () -> handle(name, former);
    }

    /**
     * Ends this process with a signal, without Java's shutdown. A normal exit runs the destructors
     * of native libraries, which crash while other threads still compute.
     *
     * <p>A shell sends the signal, because Java cannot send itself a signal that it does not
     * handle.
     */
    public static void endBy(String name) {
        if (!name.equals("KILL")) {
            leaveToKernel(name);
        }
        try {
            long pid = ProcessHandle.current().pid();
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start().waitFor();
            Thread.sleep(1000);
        } catch (IOException | InterruptedException e) {
            // halt below
        }
        Runtime.getRuntime().halt(1);
    }

    private static Object handle(String name, Object handler) {
        try {
            return signalType().getMethod("handle", signalType(), handlerType()).invoke(null, signal(name), handler);
        } catch (InvocationTargetException e) {
            throw new WrongUsageException(
                    "signal %s: %s; expected a signal that programs may handle, such as USR1 (without SIG)"
                            .formatted(name, e.getCause().getMessage()),
                    e);
        } catch (ReflectiveOperationException e) {
            throw lacking(e);
        }
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return signalType().getConstructor(String.class).newInstance(name);
    }

    private static Class<?> signalType() {
        return named("sun.misc.Signal");
    }

    private static Class<?> handlerType() {
        return named("sun.misc.SignalHandler");
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw lacking(e);
        }
    }

    private static IllegalStateException lacking(ReflectiveOperationException e) {
        return new IllegalStateException("this JVM has no sun.misc.Signal (module jdk.unsupported): " + e, e);
    }
}
