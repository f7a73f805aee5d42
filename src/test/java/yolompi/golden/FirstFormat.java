package yolompi.golden;

import java.nio.file.Path;

/** Files that an early version of the program wrote; the README beside them describes them. */
final class FirstFormat {
    private static final Path FOLDER = Path.of("src/test/resources/yolompi/golden/format-1");
    static final Path TRAIN = FOLDER.resolve("train");
    static final Path VAL = FOLDER.resolve("val");
    /** Two images stored as pixels. */
    static final Path RAW = FOLDER.resolve("raw");

    static final Path RECIPE = FOLDER.resolve("recipe.toml");
    static final Path CFG = FOLDER.resolve("small.cfg");
    static final Path RUN = FOLDER.resolve("run");
    static final Path CHECKPOINT = RUN.resolve("checkpoints/epoch-0099_step-00000199_loss-5.3682.safetensors");

    private FirstFormat() {}
}
