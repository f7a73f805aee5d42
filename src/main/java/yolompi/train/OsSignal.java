package yolompi.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import yolompi.InputException;

/**
 * Signals of the operating system, by their names without SIG. By reflection, since javac's warning about sun.misc, Java's one way to
 * signals, cannot be switched off.
 */
public final class OsSignal {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private OsSignal() {}

    /** Gives a signal back to the kernel, which for most means that it ends the process at once. */
    public static void leaveToKernel(String name) {
        try {
            handle(name, Class.forName(HANDLER).getField("SIG_DFL").get(null));
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    /**
     * Has something done, on a thread of the JVM's, each time that the signal comes.
     *
     * @throws InputException where there is no such signal, or where the JVM needs it itself
     */
    static void onReceipt(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            Object proxy = Proxy.newProxyInstance(
                    OsSignal.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        // The JVM asks a handler for nothing but this, and for what every object has.
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
            handle(name, proxy);
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    private static void handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        try {
            signal.getMethod("handle", signal, Class.forName(HANDLER)).invoke(null, named(name), handler);
        } catch (InvocationTargetException e) {
            throw new InputException(
                    "signal %s: %s; expected one that programs may use, such as USR1, without SIG"
                            .formatted(name, e.getCause().getMessage()),
                    e);
        }
    }

    private static Object named(String name) throws ReflectiveOperationException {
        return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
    }

    private static IllegalStateException missing(ReflectiveOperationException e) {
        return new IllegalStateException("this JVM lacks sun.misc.Signal (module jdk.unsupported): " + e, e);
    }
}
