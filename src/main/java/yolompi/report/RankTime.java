package yolompi.report;

import java.util.List;
import java.util.Locale;

/**
 * Where the time of a rank's steps goes: means over some steps, in milliseconds.
 *
 * @param step the last of those steps
 * @param name of the rank in messages: {@code rank 3 of 8 on node07}
 * @param stepMs the whole step; much the same on all ranks, since they wait for each other
 * @param dataWaitMs of it, waiting for images
 * @param communicationMs of it, in exchange with other ranks, mostly waiting for them
 */
public record RankTime(
        long step, int rank, String host, String name, double stepMs, double dataWaitMs, double communicationMs) {
    /** What the rank takes by itself. */
    public double ownMs() {
        return stepMs - communicationMs;
    }

    static String header() {
        return "step,rank,host,step_ms,data_wait_ms,communication_ms";
    }

    String line() {
        return String.format(
                Locale.ROOT, "%d,%d,%s,%.3f,%.3f,%.3f", step, rank, host, stepMs, dataWaitMs, communicationMs);
    }

    /** Reads a row as {@link #line} writes it. */
    static RankTime parse(List<String> columns, String line) {
        String[] fields = line.split(",", -1);
        int rank = Integer.parseInt(fields[columns.indexOf("rank")]);
        // Millions of rows share a few names.
        String host = fields[columns.indexOf("host")].intern();
        return new RankTime(
                Long.parseLong(fields[columns.indexOf("step")]),
                rank,
                host,
                ("rank " + rank + " on " + host).intern(),
                Double.parseDouble(fields[columns.indexOf("step_ms")]),
                Double.parseDouble(fields[columns.indexOf("data_wait_ms")]),
                Double.parseDouble(fields[columns.indexOf("communication_ms")]));
    }
}
