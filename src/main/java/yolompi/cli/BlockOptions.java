package yolompi.cli;

import picocli.CommandLine.Option;
import yolompi.WrongUsageException;

/** How long a benchmark takes that runs two loops in turn. */
final class BlockOptions {
    @Option(names = "--blocks", paramLabel = "N", description = "How often both run in turn.", defaultValue = "5")
    private int blocks;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each in a block.", defaultValue = "8")
    private int steps;

    /**
     * The options themselves.
     *
     * @throws WrongUsageException where nothing would be measured
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
