package yolompi.export;

import java.io.IOException;
import java.nio.file.Path;

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
