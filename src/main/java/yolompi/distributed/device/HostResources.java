package yolompi.distributed.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import yolompi.distributed.Communicator;
import yolompi.distributed.world.Host;

/** CPUs and memory of this process and of its host, as Linux reports them. */
public final class HostResources {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private HostResources() {}

    /**
     * Number of CPUs for this rank. Collective.
     *
     * <p>This is {@code OMP_NUM_THREADS} if set, as launchers do. Otherwise, it is the number of
     * CPUs that this process may run on, divided by the number of ranks of this host that may run
     * on the same CPUs.
     */
    public static int cores(Communicator ranks) {
        String allowed = Host.allowedProcessors();
        String own = ranks.world().host() + " " + allowed;
        List<String> all = ranks.allGather(own);
        int sharing = (int) all.stream().filter(own::equals).count();
        String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "");
        return threads.matches("[1-9][0-9]{0,3}")
                ? Integer.parseInt(threads)
                : Math.max(1, countCores(allowed) / sharing);
    }

    /** Counts the CPUs in a list in the kernel's notation: {@code 0-3,8}. */
    public static int countCores(String processors) {
        int count = 0;
        for (String range : processors.split(",", -1)) {
            String[] ends = range.split("-", 2);
            try {
                count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
            } catch (NumberFormatException e) {
                return Runtime.getRuntime().availableProcessors();
            }
        }
        return count;
    }

    /** Resident memory of this process now, in bytes. */
    public static long residentMemory() {
        return kilobytes(STATUS, "VmRSS:");
    }

    /** Peak resident memory since the last {@link #resetPeakMemory}, in bytes. */
    public static long peakMemory() {
        return kilobytes(STATUS, "VmHWM:");
    }

    /**
     * Restarts the measurement of the peak. If the kernel forbids it, the peak counts from the
     * start of the process.
     */
    public static void resetPeakMemory() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Bytes that processes of this host may still allocate: free or cached memory, within the
     * limits of this process's control groups.
     */
    public static long availableMemory() {
        long available = kilobytes(Path.of("/proc/meminfo"), "MemAvailable:");
        for (Path folder : controlGroups()) {
            available = Math.min(available, room(folder));
        }
        return Math.max(0, available);
    }

    /**
     * This process's control groups and their ancestors: a batch system limits the job some levels
     * up.
     */
    private static List<Path> controlGroups() {
        List<Path> folders = new ArrayList<>();
        for (String line : lines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && (fields[1].isEmpty() || fields[1].equals("memory"))) {
                Path root = fields[1].isEmpty() ? CGROUPS : CGROUPS.resolve("memory");
                Path folder = root.resolve(fields[2].substring(1)).normalize();
                for (; folder != null && folder.startsWith(root); folder = folder.getParent()) {
                    folders.add(folder);
                }
            }
        }
        return folders;
    }

    /** A control group's limit, less the memory that it uses and cannot reclaim at once. */
    private static long room(Path folder) {
        boolean unified = Files.exists(folder.resolve("memory.current"));
        long limit = number(folder.resolve(unified ? "memory.max" : "memory.limit_in_bytes"));
        long used = number(folder.resolve(unified ? "memory.current" : "memory.usage_in_bytes"));
        if (limit < 0 || used < 0) {
            return Long.MAX_VALUE;
        }
        long cached = lines(folder.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith(unified ? "inactive_file " : "total_inactive_file "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
        return limit - used + cached;
    }

    /** -1 if the file does not exist or holds "max" instead of a number. */
    private static long number(Path file) {
        return lines(file).stream()
                .filter(line -> line.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(-1);
    }

    private static long kilobytes(Path file, String key) {
        return lines(file).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(file + " has no line " + key));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
