package yolompi.report.metrics;

import java.util.List;
import java.util.Locale;

/**
 * Step time of a rank in milliseconds: means over an interval of steps.
 *
 * @param step last step of the interval
 * @param name of the rank in messages: {@code rank 3 of 8 on node07}
 * @param stepMs whole step; about equal on all ranks, as they wait for each other
 * @param dataWaitMs part of it: waiting for images
 * @param communicationMs part of it: communication, mostly waiting for other ranks
 */
public record RankTime(
        long step, int rank, String host, String name, double stepMs, double dataWaitMs, double communicationMs) {
    /** Step time without communication. */
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

    /** Reads a row that {@link #line} wrote. */
    static RankTime parse(List<String> columns, String line) {
        String[] fields = line.split(",", -1);
        int rank = Integer.parseInt(fields[columns.indexOf("rank")]);
        // Millions of rows share a few names: interning saves memory.
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
