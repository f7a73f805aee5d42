package yolompi.report.console;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * The last line of a terminal: a progress bar's thread redraws it while other lines scroll above.
 */
final class BarLine extends ConsoleProgressBarConsumer {
    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_TO_LINE_END = "\u001b[K";

    private final PrintStream terminal;
    private String drawn = "";

    /** As wide as the terminal. */
    BarLine(PrintStream terminal) {
        super(terminal);
        this.terminal = terminal;
    }

    BarLine(PrintStream terminal, int width) {
        super(terminal, width);
        this.terminal = terminal;
    }

    @Override
    public synchronized void accept(String bar) {
        drawn = bar;
        super.accept(bar);
        terminal.print(CLEAR_TO_LINE_END);
        terminal.flush();
    }

    synchronized void say(String line) {
        terminal.print(TO_LINE_START + CLEAR_TO_LINE_END + line + System.lineSeparator());
        accept(drawn);
    }

    @Override
    public synchronized void close() {
        super.close();
        terminal.flush();
    }
}
