package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.InputException;
import yolompi.data.Augmenter;
import yolompi.data.Batch;
import yolompi.data.BatchLoader;
import yolompi.data.EvalPlan;
import yolompi.data.LoaderSettings;
import yolompi.data.PictureFiles;
import yolompi.data.StepRange;
import yolompi.detect.Detection;
import yolompi.detect.Detector;
import yolompi.geometry.Letterbox;
import yolompi.recipe.EvalRecipe;
import yolompi.report.BoxPainter;
import yolompi.report.Picture;
import yolompi.report.PredictedBox;
import yolompi.report.PredictedImage;
import yolompi.report.PredictionsJson;
import yolompi.torch.Compute;
import yolompi.torch.NativeLibraries;
import yolompi.train.TrainedModel;

@Command(
        name = "predict",
        description =
                "Finds objects in images: pictures with boxes, class and score, and the same in predictions.json.")
final class PredictCommand implements Callable<Integer> {
    private static final int BATCH = 8;
    private static final int MOST_BOXES = 300;

    @Option(
            names = "--weights",
            required = true,
            paramLabel = "CHECKPOINT",
            description = "Checkpoint of a training, such as RUN/checkpoints/best.safetensors.")
    private Path weights;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the pictures and predictions.json; files of the same name are replaced.")
    private Path out;

    @Option(
            names = "--confidence",
            paramLabel = "P",
            description =
                    "Boxes with a lower score, 0 to 1, are not shown. Lower it where a young model shows nothing.",
            defaultValue = "0.25")
    private double confidence;

    @Option(
            names = "--nms-iou",
            paramLabel = "P",
            description = "Of two boxes of a class that overlap by more (intersection over union), the better stays.",
            defaultValue = "0.45")
    private double nmsIou;

    @Parameters(arity = "1..*", paramLabel = "IMAGE|DIR", description = "Image files, or folders of them.")
    private List<Path> images;

    private final Set<String> namesTaken = new HashSet<>();

    @Override
    public Integer call() throws IOException {
        NativeLibraries.load(torch.class, opencv_imgcodecs.class);
        TrainedModel model = TrainedModel.load(weights);
        PictureFiles pictures = PictureFiles.find(images);
        keepOriginals(pictures);
        Files.createDirectories(out);
        EvalRecipe thresholds = new EvalRecipe(0, BATCH, confidence, nmsIou, MOST_BOXES, EvalRecipe.Fitness.MAP50);
        Detector detector = new Detector(model.network(), thresholds, Compute.PLAIN);
        List<PredictedImage> found = new ArrayList<>();
        EvalPlan plan = new EvalPlan(pictures.size(), BATCH, 0, 1);
        LoaderSettings settings = new LoaderSettings(1, 2);
        StepRange steps = StepRange.of(plan, model.recipe().data().size());
        try (BatchLoader loader = BatchLoader.start(pictures, Augmenter.letterbox(), steps, settings)) {
            while (loader.hasNext()) {
                for (Batch batch : loader.next().batches()) {
                    found.addAll(detect(detector, model.names(), pictures, batch));
                }
            }
        }
        PredictionsJson.write(out.resolve("predictions.json"), found);
        System.out.printf("%d pictures and predictions.json in %s%n", found.size(), out);
        pictures.damaged().forEach((file, reason) -> System.err.printf("skipped %s: %s%n", file, reason));
        return pictures.damaged().isEmpty() ? 0 : 1;
    }

    /** A picture with boxes bears the name of its image: in the image's own folder it would replace it. */
    private void keepOriginals(PictureFiles pictures) throws IOException {
        for (int i = 0; i < pictures.size(); i++) {
            Path folder = pictures.file(i).toAbsolutePath().getParent();
            if (Files.exists(out) && Files.isSameFile(out, folder)) {
                throw new InputException("--out " + out + " holds the image " + pictures.file(i)
                        + ", which its picture would replace; choose another folder");
            }
        }
    }

    private List<PredictedImage> detect(Detector detector, List<String> names, PictureFiles pictures, Batch batch)
            throws IOException {
        List<List<Detection>> found = detector.detect(batch.images(), batch.imageCount(), batch.size());
        List<PredictedImage> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            int index = batch.samples().get(i).index();
            int width = pictures.width(index);
            int height = pictures.height(index);
            Letterbox letterbox = Letterbox.fit(width, height, batch.size());
            List<PredictedBox> boxes = found.get(i).stream()
                    .flatMap(detection -> detection.inImage(letterbox, width, height).stream())
                    .map(detection -> named(names, detection))
                    .toList();
            Path picture = out.resolve(freeName(pictures.file(index)));
            Picture.write(
                    BoxPainter.paint(Picture.ofRgb(pictures.pixels(index), width, height), List.of(), boxes), picture);
            results.add(new PredictedImage(pictures.file(index).toString(), width, height, boxes));
        }
        return results;
    }

    private static PredictedBox named(List<String> names, Detection detection) {
        return new PredictedBox(
                detection.classId(), names.get(detection.classId()), detection.score(), detection.box());
    }

    /** The image's own name as a JPEG; with a number where two folders hold images of one name. */
    private String freeName(Path file) {
        String stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        String name = stem + ".jpg";
        for (int number = 2; !namesTaken.add(name); number++) {
            name = stem + "-" + number + ".jpg";
        }
        return name;
    }
}
