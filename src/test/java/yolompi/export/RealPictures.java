package yolompi.export;

import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import yolompi.data.Augmenter;
import yolompi.data.Batch;
import yolompi.data.BatchLoader;
import yolompi.data.EvalPlan;
import yolompi.data.LoaderSettings;
import yolompi.data.PictureFiles;
import yolompi.data.StepRange;
import yolompi.torch.NativeLibraries;

/** Image files as the network sees them. */
final class RealPictures {
    private RealPictures() {}

    /** Letterboxed pixels, uint8 {@code [N,S,S,3]}. */
    static byte[] letterboxed(List<Path> files, int size) {
        NativeLibraries.load(opencv_imgcodecs.class);
        StepRange steps = StepRange.of(new EvalPlan(files.size(), files.size(), 0, 1), size);
        try (BatchLoader loader =
                BatchLoader.start(PictureFiles.find(files), Augmenter.letterbox(), steps, new LoaderSettings(1, 1))) {
            Batch batch = loader.next().batches().get(0);
            return batch.images();
        }
    }
}
