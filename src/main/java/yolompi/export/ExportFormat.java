package yolompi.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import yolompi.WrongUsageException;

/** File formats for exported models. */
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

    /** File name extensions of this format, the usual one first. */
    private List<String> endings() {
        return switch (this) {
            case ONNX -> List.of(".onnx");
            case TORCHSCRIPT -> List.of(".pt", ".pth", ".torchscript");
        };
    }

    /**
     * Checks a file name before a model is loaded.
     *
     * @throws WrongUsageException if the extension belongs to another format
     */
    public void checkEnding(Path file) {
        for (ExportFormat other : values()) {
            if (other != this && other.endings().stream().anyMatch(file.toString()::endsWith)) {
                throw new WrongUsageException(
                        "--out %s: has an extension of --format %s, but --format is %s; expected a name like NAME%s"
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

    /** Format and version, for messages. */
    public String title() {
        return title;
    }

    /**
     * Creates or replaces {@code file}.
     *
     * @throws IOException if the file can't be written
     */
    public abstract void write(ExportedModel model, Path file) throws IOException;
}
