package yolompi.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import yolompi.eval.metric.CocoId;
import yolompi.eval.metric.CocoScores;
import yolompi.eval.metric.ConfidenceCurve;
import yolompi.eval.metric.ConfidenceCurve.OperatingPoint;
import yolompi.eval.metric.ConfusionMatrix;
import yolompi.eval.metric.DetectionSet.Category;
import yolompi.eval.metric.ErrorSplit;
import yolompi.io.AtomicFile;

/**
 * Writes a report as JSON:
 *
 * <pre>
 * images       number of images
 * coco         the twelve values of {@link CocoScores#NUMBERS}, -1 without ground truth
 * voc          protocol and map, if VOC's metrics were requested
 * perClass     for each class: id, name, boxes, ap50, ap, vocAp (with voc), and the point of the
 *              best F1: confidence, precision, recall, f1
 * best         the point of the best F1 over all classes: confidence, precision, recall, f1
 * curves       precision, recall and f1 at each confidence: overall and perClass;
 *              precisionByRecall is the best precision at recall 0, 0.01 … 1 or higher
 * confusion    counts[true class][predicted class] of the classes in labels, at confidence and iou
 * errors       for each error type: count at confidence, and apCost
 * </pre>
 */
public final class ReportJson {
    /** The label of the background in the confusion matrix. */
    public static final String BACKGROUND = "background";

    private final JsonGenerator json;
    private final DetectionReport report;

    private ReportJson(JsonGenerator json, DetectionReport report) {
        this.json = json;
        this.report = report;
    }

    /** Writes or replaces {@code file} atomically. */
    public static void write(Path file, DetectionReport report) throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
                json.setPrettyPrinter(new DefaultPrettyPrinter());
                new ReportJson(json, report).write();
            }
        });
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeNumberField("images", report.images());
        numbers("coco", report.coco().numbers());
        if (report.voc().isPresent()) {
            json.writeObjectFieldStart("voc");
            json.writeStringField("protocol", name(report.voc().get().protocol()));
            json.writeNumberField("map", report.voc().get().map());
            json.writeEndObject();
        }
        writeClasses();
        json.writeObjectFieldStart("best");
        writePoint(report.curves().overall().best());
        json.writeEndObject();
        writeCurves();
        writeConfusion();
        writeErrors();
        json.writeEndObject();
    }

    private void writeClasses() throws IOException {
        json.writeArrayFieldStart("perClass");
        for (int i = 0; i < report.categories().size(); i++) {
            CocoScores.ClassScores scores = report.coco().classes().get(i);
            json.writeStartObject();
            writeId(report.categories().get(i).id());
            json.writeStringField("name", report.categories().get(i).name());
            json.writeNumberField("boxes", scores.boxes());
            json.writeNumberField("ap50", scores.ap50());
            json.writeNumberField("ap", scores.ap());
            if (report.voc().isPresent()) {
                json.writeNumberField("vocAp", report.voc().get().ap()[i]);
            }
            writePoint(report.curves().classes().get(i).best());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeId(CocoId id) throws IOException {
        if (id.quoted()) {
            json.writeStringField("id", id.text());
        } else {
            json.writeFieldName("id");
            json.writeNumber(id.text());
        }
    }

    private void writePoint(OperatingPoint point) throws IOException {
        json.writeNumberField("confidence", point.confidence());
        json.writeNumberField("precision", point.precision());
        json.writeNumberField("recall", point.recall());
        json.writeNumberField("f1", point.f1());
    }

    private void writeCurves() throws IOException {
        json.writeObjectFieldStart("curves");
        List<OperatingPoint> points = report.curves().overall().points();
        numbers("confidence", points, OperatingPoint::confidence);
        json.writeObjectFieldStart("overall");
        writeCurve(report.curves().overall());
        json.writeEndObject();
        json.writeArrayFieldStart("perClass");
        for (ConfidenceCurve curve : report.curves().classes()) {
            json.writeStartObject();
            writeCurve(curve);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeCurve(ConfidenceCurve curve) throws IOException {
        List<OperatingPoint> points = curve.points();
        numbers("precision", points, OperatingPoint::precision);
        numbers("recall", points, OperatingPoint::recall);
        numbers("f1", points, OperatingPoint::f1);
        json.writeFieldName("precisionByRecall");
        json.writeArray(curve.precisionByRecall(), 0, curve.precisionByRecall().length);
    }

    private void writeConfusion() throws IOException {
        ConfusionMatrix confusion = report.confusion();
        json.writeObjectFieldStart("confusion");
        json.writeNumberField("confidence", confusion.confidence());
        json.writeNumberField("iou", confusion.iou());
        json.writeArrayFieldStart("labels");
        for (Category category : report.categories()) {
            json.writeString(category.name());
        }
        json.writeString(BACKGROUND);
        json.writeEndArray();
        json.writeArrayFieldStart("counts");
        for (long[] row : confusion.counts()) {
            json.writeArray(row, 0, row.length);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeErrors() throws IOException {
        json.writeObjectFieldStart("errors");
        json.writeNumberField("confidence", report.errors().confidence());
        for (ErrorSplit.Kind kind : ErrorSplit.Kind.values()) {
            json.writeObjectFieldStart(name(kind));
            json.writeNumberField("count", report.errors().counts().get(kind));
            json.writeNumberField("apCost", report.errors().costs().get(kind));
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void numbers(String field, List<OperatingPoint> points, ToDoubleFunction<OperatingPoint> value)
            throws IOException {
        numbers(field, points.stream().mapToDouble(value).toArray());
    }

    private void numbers(String field, double[] values) throws IOException {
        json.writeFieldName(field);
        json.writeArray(values, 0, values.length);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
