package yolompi.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import yolompi.data.ImageEncoding;
import yolompi.distributed.Agreement;
import yolompi.distributed.Communicator;
import yolompi.distributed.device.HostResources;
import yolompi.distributed.watchdog.Activity;
import yolompi.pack.PackOptions;
import yolompi.pack.PackProgress;
import yolompi.pack.PackReport;
import yolompi.pack.PackTeam;
import yolompi.pack.Packer;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;

@Command(
        name = "pack",
        description =
                "Checks annotated images and packs them into HDF5 shards, with one process or on all ranks that mpirun"
                        + " or srun started. The ranks share the images; the shards do not depend on the number of"
                        + " ranks.")
final class PackCommand implements Callable<Integer> {
    @Option(
            names = "--format",
            required = true,
            converter = FormatConverter.class,
            paramLabel = "FORMAT",
            description =
                    "Format of --annotations: voc (folder of XML files), coco (one JSON file), yolo (folder of label"
                            + " files) or list (text file, one line per image: path x1,y1,x2,y2,class ...).")
    private AnnotationFormat format;

    @Option(names = "--images", required = true, paramLabel = "DIR", description = "Folder of the images.")
    private Path images;

    @Option(
            names = "--annotations",
            required = true,
            paramLabel = "PATH",
            description = "Folder or file of the annotations; see --format.")
    private Path annotations;

    @Option(
            names = "--split",
            paramLabel = "FILE",
            showDefaultValue = Visibility.NEVER,
            description = "Text file with the images to pack, one per line. Default: all images.")
    private Optional<Path> split = Optional.empty();

    @Option(
            names = "--names",
            paramLabel = "FILE",
            showDefaultValue = Visibility.NEVER,
            description = "Class names, one per line, class 0 first; or a data.yaml with names. Use the same file for"
                    + " training and validation data. Default: the names found in the data.")
    private Optional<Path> names = Optional.empty();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "New folder for the shards and pack-report.json.")
    private Path out;

    @Option(
            names = "--size",
            defaultValue = "416",
            paramLabel = "S",
            description = "Edge in pixels of the square images that --encoding raw stores; unused for jpeg.")
    private int size;

    @Option(
            names = "--encoding",
            defaultValue = "jpeg",
            converter = EncodingConverter.class,
            paramLabel = "ENCODING",
            description =
                    "jpeg: store the bytes of the image files, also of other formats. raw: store letterboxed pixels,"
                            + " which are larger but need no decoding.")
    private ImageEncoding encoding;

    @Option(
            names = "--shard-mib",
            defaultValue = "256",
            paramLabel = "N",
            description = "Maximum size of a shard in MiB.")
    private int shardMib;

    @Option(
            names = "--max-bad-percent",
            defaultValue = "5",
            paramLabel = "P",
            description =
                    "Fail and write nothing if more than P percent of the images are missing or damaged, or if more"
                            + " than P percent of the boxes have a class number without a name. Up to that limit they are skipped and"
                            + " reported.")
    private double maxBadPercent;

    @Override
    public Integer call() throws Exception {
        return Ranked.runWithoutTorch(this::pack);
    }

    private void pack(Communicator ranks) {
        int threads = HostResources.cores(ranks);
        PackOptions options = Agreement.on(ranks, () -> options(threads));
        boolean first = ranks.world().isRankZero();
        try (ConsoleProgress progress = ConsoleProgress.here()) {
            PackReport report =
                    new Packer(options, first ? progress : PackProgress.NONE, new RankPackTeam(ranks)).pack();
            if (first) {
                System.out.print(new PackTable(report, out).text());
            }
        }
    }

    private PackOptions options(int threads) {
        return new PackOptions(
                format,
                new SourcePaths(images, annotations, split, names),
                out,
                encoding,
                size,
                shardMib,
                maxBadPercent,
                threads);
    }

    /** The ranks of a job as the members of a pack team. */
    private record RankPackTeam(Communicator ranks) implements PackTeam {
        @Override
        public int rank() {
            return ranks.world().rank();
        }

        @Override
        public int size() {
            return ranks.world().size();
        }

        @Override
        public List<byte[]> gather(Supplier<byte[]> work) {
            ranks.status().enter(Activity.PACKING);
            return ranks.allGather(Agreement.on(ranks, work));
        }

        @Override
        public void beforeEnd(Runnable lastAct) {
            ranks.runBeforeExit(lastAct);
        }
    }

    static final class FormatConverter extends EnumConverter<AnnotationFormat> {
        FormatConverter() {
            super(AnnotationFormat.class);
        }
    }

    static final class EncodingConverter extends EnumConverter<ImageEncoding> {
        EncodingConverter() {
            super(ImageEncoding.class);
        }
    }
}
