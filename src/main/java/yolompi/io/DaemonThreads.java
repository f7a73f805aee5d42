package yolompi.io;

import java.util.concurrent.ThreadFactory;

/**
 * Named threads that do not keep the JVM alive: a failed job must end even if one of them hangs.
 */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** Starts a thread. */
    public static Thread start(String name, Runnable work) {
        Thread thread = named(name).newThread(work);
        thread.start();
        return thread;
    }

    /** Creates the threads of an executor. */
    public static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
