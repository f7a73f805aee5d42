package yolompi.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import yolompi.WrongUsageException;

/** The kinds of files that a model can be exported as. */
public enum ExportFormat {
    ONNX("ONNX, opset " + OnnxFile.OPSET) {
        @Override
        public void write(ExportedModel model, Path file) throws IOException {
            OnnxFile.write(model, file);
        }
    },
    TORCHSCRIPT("TorchScript") {
        @Override
        public void write(ExportedModel model, Path file) throws IOException {
            TorchScriptFile.write(model, file);
        }
    };

    private final String title;

    ExportFormat(String title) {
        this.title = title;
    }

    /** Those that names of such files have, the usual one first. */
    private List<String> endings() {
        return switch (this) {
            case ONNX -> List.of(".onnx");
            case TORCHSCRIPT -> List.of(".pt", ".pth", ".torchscript");
        };
    }

    /**
     * Looks at a name before there is a model.
     *
     * @throws WrongUsageException where other programs would take the file for one of another format
     */
    public void checkEnding(Path file) {
        for (ExportFormat other : values()) {
            if (other != this && other.endings().stream().anyMatch(file.toString()::endsWith)) {
                throw new WrongUsageException(
                        "--out %s: ends like a file of --format %s, but --format is %s; expected such as NAME%s"
                                .formatted(
                                        file,
                                        other.option(),
                                        option(),
                                        endings().get(0)));
            }
        }
    }

    private String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format with its version, for people. */
    public String title() {
        return title;
    }

    /**
     * Writes or replaces {@code file}.
     *
     * @throws IOException from the file system
     */
    public abstract void write(ExportedModel model, Path file) throws IOException;
}
