package yolompi.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ExtraFilesMap;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import yolompi.io.AtomicFile;

/**
 * Writes models as TorchScript modules, which {@code torch::jit::load} opens without any other
 * library. {@code forward} takes float32 {@code [N,3,S,S]} and returns boxes and scores, or
 * detections with NMS: see {@link ExportedModel.Shape}. {@code predict} always returns boxes and
 * scores. The file {@value #METADATA} inside contains everything else that a program needs.
 */
public final class TorchScriptFile {
    /** The extra file with the metadata: a JSON object of strings. */
    public static final String METADATA = "metadata.json";

    /** Class name of the module; TorchScript requires the root {@code __torch__}. */
    private static final String CLASS_NAME = "__torch__.YoloMpiNetwork";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TorchScriptFile() {}

    /**
     * Creates or replaces {@code file}.
     *
     * @throws IOException if the file can't be written
     */
    public static void write(ExportedModel model, Path file) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            ScriptOperators operators = new ScriptOperators();
            String source = ScriptSource.of(model, operators);
            JitModule module = new JitModule(new QualifiedName(CLASS_NAME));
            model.tensors().forEach((name, tensor) -> register(module, ScriptOperators.attribute(name), tensor));
            operators.constants().forEach((name, tensor) -> register(module, name, tensor));
            module.define(source);
            ExtraFilesMap extra = new ExtraFilesMap();
            extra.put(new BytePointer(METADATA), new BytePointer(JSON.writeValueAsString(model.metadata())));
            AtomicFile.writeByPath(file, path -> save(module, path, extra));
        }
    }

    private static void save(JitModule module, Path path, ExtraFilesMap extra) throws IOException {
        try {
            module.save(path.toString(), extra);
        } catch (RuntimeException e) { // LibTorch throws it for every file error
            throw new IOException(path + ": can't write the module: " + e.getMessage(), e);
        }
    }

    /** Registers a tensor as a buffer, because the module is not for training. */
    private static void register(JitModule module, String name, Tensor tensor) {
        module.register_buffer(name, tensor.detach().cpu().contiguous());
    }
}
