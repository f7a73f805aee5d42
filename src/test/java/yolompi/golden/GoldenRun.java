package yolompi.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import yolompi.checkpoint.Checkpoint;
import yolompi.checkpoint.NamedTensor;
import yolompi.checkpoint.Safetensors;
import yolompi.checkpoint.TensorDigest;

/**
 * The results of a training.
 *
 * @param losses losses of all steps
 * @param validationLoss validation loss after the last step
 * @param sha256 hash of all tensors of the last checkpoint: weights, EMA, optimizer state
 * @param tensors weights and running statistics of the network
 */
record GoldenRun(List<Double> losses, double validationLoss, String sha256, List<TensorMoments> tensors) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a run folder. The losses come from metrics.jsonl, where they are not rounded. */
    static GoldenRun of(Path folder) throws IOException {
        List<Double> losses = new ArrayList<>();
        double validationLoss = Double.NaN;
        for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            if (row.get("kind").asText().equals("step")) {
                losses.add(row.get("loss").asDouble());
            }
            validationLoss = row.path("val_loss").asDouble(validationLoss);
        }
        Checkpoint checkpoint = Safetensors.read(folder.resolve("checkpoints/last.safetensors"));
        List<NamedTensor> tensors = checkpoint.tensors().stream()
                .sorted(Comparator.comparing(NamedTensor::name))
                .toList();
        List<TensorMoments> moments = tensors.stream()
                .filter(tensor -> tensor.name().startsWith("model/"))
                .map(TensorMoments::of)
                .toList();
        return new GoldenRun(losses, validationLoss, TensorDigest.sha256(tensors), moments);
    }

    /** One number per line; doubles keep all bits. */
    String toText() {
        StringBuilder text = new StringBuilder();
        losses.forEach(loss -> text.append("loss ").append(loss).append('\n'));
        text.append("validation-loss ").append(validationLoss).append('\n');
        text.append("sha256 ").append(sha256).append('\n');
        tensors.forEach(tensor -> text.append("tensor ").append(tensor.toText()).append('\n'));
        return text.toString();
    }

    /** Reads {@link #toText}; lines that start with # are comments. */
    static GoldenRun parse(String text) {
        List<Double> losses = new ArrayList<>();
        List<TensorMoments> tensors = new ArrayList<>();
        double validationLoss = Double.NaN;
        String sha256 = "";
        for (String line : text.lines().toList()) {
            String value = line.substring(line.indexOf(' ') + 1);
            switch (line.substring(0, line.indexOf(' '))) {
                case "#" -> {}
                case "loss" -> losses.add(Double.valueOf(value));
                case "validation-loss" -> validationLoss = Double.parseDouble(value);
                case "sha256" -> sha256 = value;
                case "tensor" -> tensors.add(TensorMoments.parse(value));
                default -> throw new IllegalArgumentException(line);
            }
        }
        return new GoldenRun(losses, validationLoss, sha256, tensors);
    }
}
