package yolompi.export;

import java.util.OptionalInt;
import yolompi.detect.Detector;
import yolompi.export.ExportedModel.Shape;
import yolompi.export.ExportedModel.Suppression;
import yolompi.export.NetworkWriter.Predictions;

/**
 * The TorchScript source of an exported module: methods {@code predict}, {@code suppress} (only
 * with NMS) and {@code forward}.
 */
final class ScriptSource {
    private static final String PREDICTIONS_ONLY = """
            def forward(self, images: Tensor) -> Tuple[Tensor, Tensor]:
                return self.predict(images)
            """;

    /**
     * NMS as in {@link Detector}: candidates best first, equal scores in the order of predictor and
     * class. Each kept box drops the remaining boxes of its class that overlap it.
     */
    private static final String SUPPRESSED = """
            def suppress(self, boxes: Tensor, scores: Tensor) -> Tensor:
                found: List[Tensor] = []
                for image in range(boxes.size(0)):
                    candidates = torch.nonzero(scores[image] > %1$s)
                    position = candidates[:, 0] * scores.size(2) + candidates[:, 1]
                    score, order = torch.sort(scores[image].flatten()[position], stable=True, dim=0, descending=True)
                    score = score[:%4$s]
                    candidates = candidates[order[:%4$s]]
                    box = boxes[image][candidates[:, 0]]
                    kind = candidates[:, 1]
                    area = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
                    rest = torch.arange(kind.size(0), device=boxes.device)
                    kept = [rest[:0]]
                    while rest.size(0) > 0 and len(kept) <= %3$s:
                        best = rest[:1]
                        kept.append(best)
                        rest = rest[1:]
                        low = torch.maximum(box[best, :2], box[rest, :2])
                        high = torch.minimum(box[best, 2:], box[rest, 2:])
                        inside = torch.clamp_min(high - low, 0.0)
                        shared = inside[:, 0] * inside[:, 1]
                        overlap = shared / (area[best] + area[rest] - shared)
                        rest = rest[torch.logical_not((overlap > %2$s) & (kind[rest] == kind[best]))]
                    columns = torch.stack([torch.full_like(score, image), kind.to(score.dtype), score], 1)
                    found.append(torch.cat([columns, box], 1)[torch.cat(kept)])
                return torch.cat(found)
            def forward(self, images: Tensor) -> Tensor:
                boxes, scores = self.predict(images)
                return self.suppress(boxes, scores)
            """;

    private ScriptSource() {}

    /** The source of all methods. The tensors that it reads are added to {@code operators}. */
    static String of(ExportedModel model, ScriptOperators operators) {
        Shape shape = model.shape();
        Predictions predictions =
                new NetworkWriter(model.network().architecture(), shape.size(), operators).write("images");
        String predict = """
                def predict(self, images: Tensor) -> Tuple[Tensor, Tensor]:
                    assert %s, "expected images of shape [%s, 3, %s, %s]"
                %s    return %s, %s
                """.formatted(
                        shapeCheck(shape),
                        batch(shape.batch()),
                        shape.size(),
                        shape.size(),
                        operators.statements(),
                        predictions.boxes(),
                        predictions.scores());
        return predict + model.suppression().map(ScriptSource::suppressed).orElse(PREDICTIONS_ONLY);
    }

    private static String shapeCheck(Shape shape) {
        String[] conditions = {
            "images.dim() == 4",
            shape.batch().isPresent() ? "images.size(0) == " + shape.batch().getAsInt() : "images.size(0) > 0",
            "images.size(1) == " + Shape.CHANNELS,
            "images.size(2) == " + shape.size(),
            "images.size(3) == " + shape.size()
        };
        return String.join(" and ", conditions);
    }

    private static String batch(OptionalInt batch) {
        return batch.isPresent() ? Integer.toString(batch.getAsInt()) : "N";
    }

    private static String suppressed(Suppression rule) {
        return SUPPRESSED.formatted(
                number((float) rule.confidence()),
                number(rule.iouBound()),
                rule.maxDetections(),
                Detector.MAX_CANDIDATES);
    }

    /** A literal with exactly this value. */
    private static String number(float value) {
        return Double.toString(value);
    }
}
