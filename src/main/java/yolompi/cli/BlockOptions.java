package yolompi.cli;

import picocli.CommandLine.Option;
import yolompi.WrongUsageException;

/** Options for the length of a benchmark that alternates between two loops. */
final class BlockOptions {
    @Option(
            names = "--blocks",
            paramLabel = "N",
            description = "Number of blocks; each block runs both loops.",
            defaultValue = "5")
    private int blocks;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each loop in a block.", defaultValue = "8")
    private int steps;

    /**
     * Checks the options and returns them.
     *
     * @throws WrongUsageException if nothing would be measured
     */
    BlockOptions checked() {
        if (blocks < 1 || steps < 1) {
            throw new WrongUsageException("--blocks %d --steps %d: expected at least 1 each".formatted(blocks, steps));
        }
        return this;
    }

    int blocks() {
        return blocks;
    }

    int steps() {
        return steps;
    }
}
