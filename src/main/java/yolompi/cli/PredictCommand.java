package yolompi.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.pytorch.global.torch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import yolompi.WrongUsageException;
import yolompi.detect.Detector;
import yolompi.detect.NmsConfig;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.predict.CocoFile;
import yolompi.predict.Crops;
import yolompi.predict.DrawnImages;
import yolompi.predict.InputFile;
import yolompi.predict.InputFiles;
import yolompi.predict.Output;
import yolompi.predict.PredictionsJson;
import yolompi.predict.Predictor;
import yolompi.predict.YoloLabels;
import yolompi.torch.DeviceContext;
import yolompi.torch.NativeLibraries;
import yolompi.weights.TrainedModel;

@Command(
        name = "predict",
        description = {
            "Runs a trained model on images and videos. Writes copies with the detections drawn in, and"
                    + " predictions.json.",
            "Defaults: score above 0.25, greedy NMS per class with IoU 0.45, at most 300 boxes per image."
        })
final class PredictCommand implements Callable<Integer> {
    private static final int MAX_IN_BATCH = 4096;

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
            description = "Output folder; files of the same name are replaced.")
    private Path out;

    @Mixin
    private DetectionOptions detections;

    @Option(names = "--no-pictures", description = "Do not write images and videos with drawn boxes.")
    private boolean withoutPictures;

    @Option(names = "--crops", description = "Also write the content of each box, as DIR/crops/CLASS/NAME-1.jpg.")
    private boolean crops;

    @Option(names = "--yolo", description = "Also write YOLO label files with scores, as DIR/labels/NAME.txt.")
    private boolean yolo;

    @Option(names = "--coco", description = "Also write COCO's result format (for 'score'), as DIR/detections.json.")
    private boolean coco;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "8", description = "Images per forward pass.")
    private int batch;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "fp32",
            description = "fp32 (exact); bf16, tf32 or fp16 (faster on some CPUs and GPUs); auto.")
    private String precision;

    @Parameters(
            arity = "1..*",
            paramLabel = "IMAGE|VIDEO|DIR|PATTERN",
            description = "Files, folders, or patterns such as 'scans/**/*.jpg'.")
    private List<String> named;

    @Override
    public Integer call() throws IOException {
        if (batch < 1 || batch > MAX_IN_BATCH) {
            throw new WrongUsageException("--batch " + batch + ": expected 1 to " + MAX_IN_BATCH);
        }
        NmsConfig rule = detections.over(NmsConfig.FOR_DISPLAY);
        List<InputFile> inputs = InputFiles.find(named);
        InputFiles.refuseFolderOf(inputs, out);
        NativeLibraries.load(torch.class, opencv_imgcodecs.class);
        try (Communicator alone = Communicator.alone();
                ConsoleProgress progress = ConsoleProgress.here()) {
            int cores = HostResources.cores(alone);
            DeviceContext.useThreadsFromNow(cores);
            TrainedModel stored = TrainedModel.load(weights).inPrecision("--precision", precision);
            DeviceContext device = stored.compute(alone);
            TrainedModel model = stored.on(device);
            Files.createDirectories(out);
            List<Output> outputs = outputs(model.names(), model.categoryIds());
            Detector detector = new Detector(model.network(), rule, device);
            progress.start("predict", InputFiles.pictures(inputs));
            Predictor.Result result = new Predictor(
                            detector, model.recipe().data().size(), batch, outputs, progress::step)
                    .run(inputs, cores);
            progress.close();
            return tell(result, outputs);
        }
    }

    private List<Output> outputs(List<String> names, List<Integer> categoryIds) {
        List<Output> outputs = new ArrayList<>(List.of(new PredictionsJson(out.resolve("predictions.json"), names)));
        if (!withoutPictures) {
            outputs.add(new DrawnImages(out, names));
        }
        if (crops) {
            outputs.add(new Crops(out.resolve("crops"), names));
        }
        if (yolo) {
            outputs.add(new YoloLabels(out.resolve("labels")));
        }
        if (coco) {
            outputs.add(new CocoFile(out.resolve("detections.json"), categoryIds));
        }
        return outputs;
    }

    private static int tell(Predictor.Result result, List<Output> outputs) {
        System.out.printf(
                Locale.ROOT,
                "%d boxes in %d images, %.1f images/s%n",
                result.boxes(),
                result.pictures(),
                result.pictures() / result.seconds());
        System.out.println(outputs.stream().map(Output::title).collect(Collectors.joining("; ")));
        result.skipped().forEach((what, why) -> System.err.printf("skipped %s: %s%n", what, why));
        return result.skipped().isEmpty() ? 0 : 1;
    }
}
