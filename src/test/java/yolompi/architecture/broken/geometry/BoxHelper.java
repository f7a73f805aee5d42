package yolompi.architecture.broken.geometry;

import ch.systemsx.cisd.hdf5.IHDF5Reader;
import hdf.hdf5lib.HDF5Constants;
import mpi.Intracomm;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.pytorch.Tensor;
import picocli.CommandLine;
import yolompi.architecture.broken.cli.Command;
import yolompi.architecture.broken.geometry.inner.Corner;
import yolompi.architecture.broken.model.loss.Loss;

/** Uses packages that geometry must not use. */
public record BoxHelper(
        Command command,
        CommandLine line,
        Intracomm communicator,
        IHDF5Reader reader,
        AVFrame frame,
        Tensor tensor,
        Corner corner,
        Loss loss) {
    Mat decode(Mat bytes) {
        if (HDF5Constants.H5S_ALL > 0) {
            System.exit(1);
        }
        return opencv_imgcodecs.imdecode(bytes, opencv_imgcodecs.IMREAD_COLOR);
    }
}
