package yolompi.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.data.ImageEncoding;
import yolompi.data.augment.RawPixels;
import yolompi.data.shard.ShardWriter;
import yolompi.data.shard.ShardWriter.ShardHeader;
import yolompi.data.shard.ShardWriter.ShardRecord;
import yolompi.io.OrderedTasks;
import yolompi.io.StagingFolder;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.Annotations;
import yolompi.pack.annotation.Annotations.AnnotatedImage;
import yolompi.pack.annotation.PackIssue;

/**
 * Packs annotated images into shards: reads the annotations, checks every image, and only then
 * writes. If it fails, it leaves no files behind. Several processes can share the work; they write
 * the same shards as a single process.
 */
public final class Packer {
    private static final int NAMED_IN_ERROR = 10;

    private final PackOptions options;
    private final PackProgress progress;
    private final PackTeam team;
    private final List<PackIssue> issues = new ArrayList<>();
    private final List<PreparedImage> images = new ArrayList<>();

    public Packer(PackOptions options, PackProgress progress) {
        this(options, progress, PackTeam.alone());
    }

    public Packer(PackOptions options, PackProgress progress, PackTeam team) {
        this.options = options;
        this.progress = progress;
        this.team = team;
    }

    /**
     * Packs the data set into its folder; all processes of the team call this.
     *
     * @throws RuntimeException if annotations cannot be read, too many images are bad, or the
     *     folder is not empty
     */
    public PackReport pack() {
        List<Annotations> read = new ArrayList<>();
        team.all(() -> read.add(readAnnotations()));
        Annotations annotations = read.get(0);
        try (OrderedTasks tasks = new OrderedTasks(options.threads())) {
            prepare(annotations, tasks);
            requireFewBad();
            requireKnownClasses();
            return write(annotations, tasks);
        }
    }

    private Annotations readAnnotations() {
        StagingFolder.requireFree(options.out());
        Annotations annotations = options.format().read(options.paths());
        requireClasses(annotations);
        return annotations;
    }

    private void requireClasses(Annotations annotations) {
        if (annotations.classes().names().isEmpty()) {
            throw new InputException(
                    options.paths().annotations() + ": found no boxes and no class names; give the names with --names");
        }
    }

    private void prepare(Annotations annotations, OrderedTasks tasks) {
        issues.addAll(annotations.issues());
        List<AnnotatedImage> unique = withoutRepeats(annotations.images());
        progress.start("checking images", team.share(unique).size());
        PreparedImage.prepareAll(unique, team, tasks, progress::step, outcome -> {
            issues.addAll(outcome.issues());
            outcome.image().ifPresent(images::add);
        });
    }

    private List<AnnotatedImage> withoutRepeats(List<AnnotatedImage> annotated) {
        Set<String> seen = new HashSet<>();
        List<AnnotatedImage> unique = new ArrayList<>();
        for (AnnotatedImage image : annotated) {
            if (seen.add(image.imageId())) {
                unique.add(image);
            } else {
                issues.add(
                        new PackIssue(image.file().toString(), PackIssue.Kind.REPEATED_IMAGE, "id " + image.imageId()));
            }
        }
        return unique;
    }

    private void requireFewBad() {
        List<PackIssue> bad = issues.stream()
                .filter(issue -> issue.kind().action() == PackIssue.Kind.Action.DROP_IMAGE)
                .toList();
        int total = images.size() + bad.size();
        if (total == 0) {
            throw new InputException("%s: found no images%s"
                    .formatted(
                            options.paths().annotations(),
                            options.paths()
                                    .split()
                                    .map(split -> " that " + split + " lists; check --split and --format")
                                    .orElse("; check --format")));
        }
        if (images.isEmpty() || bad.size() > total * options.maxBadPercent() / 100) {
            StringBuilder message = new StringBuilder(
                    "%s: %d of %d images are bad, expected at most %s %% (--max-bad-percent); nothing was written"
                            .formatted(options.paths().images(), bad.size(), total, options.maxBadPercent()));
            bad.stream()
                    .limit(NAMED_IN_ERROR)
                    .forEach(issue -> message.append("\n  %s: %s%s"
                            .formatted(
                                    issue.file(),
                                    issue.kind().text(),
                                    issue.detail().isEmpty() ? "" : ": " + issue.detail())));
            if (bad.size() > NAMED_IN_ERROR) {
                message.append("\n  and ").append(bad.size() - NAMED_IN_ERROR).append(" more");
            }
            throw new InputException(message.toString());
        }
    }

    /** The network would learn objects without a class name as background. */
    private void requireKnownClasses() {
        List<PackIssue> unknown = issues.stream()
                .filter(issue -> issue.kind() == PackIssue.Kind.UNKNOWN_CLASS)
                .toList();
        int boxes = images.stream().mapToInt(image -> image.boxes().size()).sum() + unknown.size();
        // For VOC and COCO, --names may select some of the classes, but at least one. Class numbers
        // without a name are a mistake.
        boolean numbered = options.format() == AnnotationFormat.YOLO || options.format() == AnnotationFormat.LIST;
        double most = numbered ? boxes * options.maxBadPercent() / 100 : boxes - 1;
        if (!unknown.isEmpty() && unknown.size() > most) {
            throw new InputException(
                    "%d of %d boxes have classes without a name, expected %s; nothing was written; check %s\n  %s: %s"
                            .formatted(
                                    unknown.size(),
                                    boxes,
                                    numbered
                                            ? "at most %s %% (--max-bad-percent)".formatted(options.maxBadPercent())
                                            : "a name for at least one",
                                    options.paths()
                                            .names()
                                            .map(names -> "--names " + names)
                                            .orElse("the list of classes"),
                                    unknown.get(0).file(),
                                    unknown.get(0).detail()));
        }
    }

    private PackReport write(Annotations annotations, OrderedTasks tasks) {
        List<String> names = annotations.classes().names();
        int rawSize = options.encoding() == ImageEncoding.RAW ? options.rawSize() : 0;
        String fingerprint = Fingerprint.of(options.encoding(), rawSize, names, annotations.categoryIds(), images);
        ShardPlan plan = ShardPlan.of(images, rawSize, options.shardMib() * 1024L * 1024L);
        PackReport report = PackReport.of(names, images, issues, plan, fingerprint);
        List<Integer> its =
                team.share(IntStream.range(0, plan.shards().size()).boxed().toList());
        progress.start(
                "writing shards",
                its.stream().mapToInt(index -> plan.shards().get(index).size()).sum());
        try (SharedStaging staging = SharedStaging.beside(options.out(), plan.imageBytes(), team)) {
            team.all(() -> its.forEach(index -> {
                ShardHeader header = new ShardHeader(
                        options.encoding(),
                        rawSize,
                        names,
                        annotations.categoryIds(),
                        fingerprint,
                        index,
                        plan.shards().size());
                writeShard(staging.path().resolve(ShardWriter.shardName(index)), header, plan, tasks);
            }));
            staging.publish(report::write);
        }
        return report;
    }

    private void writeShard(Path file, ShardHeader header, ShardPlan plan, OrderedTasks tasks) {
        List<PreparedImage> its = plan.shards().get(header.shardIndex());
        List<ShardRecord> records = its.stream()
                .map(image -> new ShardRecord(image.imageId(), image.width(), image.height(), image.boxes()))
                .toList();
        int[] byteCounts = its.stream().mapToInt(plan::storedBytes).toArray();
        try (ShardWriter writer = new ShardWriter(file, header, records, byteCounts)) {
            tasks.forEach(its, image -> stored(image, header.rawSize()), bytes -> {
                writer.append(bytes);
                progress.step();
            });
        }
    }

    private static byte[] stored(PreparedImage image, int rawSize) {
        try {
            byte[] bytes = Files.readAllBytes(image.file());
            if (!Arrays.equals(PreparedImage.sha256().digest(bytes), image.digest())) {
                throw new InputException(image.file() + ": changed during packing; pack again");
            }
            return rawSize == 0 ? bytes : RawPixels.letterboxed(bytes, rawSize);
        } catch (IOException failure) {
            throw new InputException(image.file() + ": was readable before, but no longer is; pack again", failure);
        }
    }

    /**
     * Distributes images over shards: in order, each shard filled up to a limit.
     *
     * @param shards the images of each shard, at least one
     * @param rawSize edge of the stored squares, pixels; 0 if files are stored unchanged
     */
    record ShardPlan(List<List<PreparedImage>> shards, int rawSize) {
        static ShardPlan of(List<PreparedImage> images, int rawSize, long maxBytes) {
            List<List<PreparedImage>> shards = new ArrayList<>();
            long bytes = 0;
            for (PreparedImage image : images) {
                int stored = storedBytes(image, rawSize);
                if (shards.isEmpty() || bytes + stored > maxBytes) {
                    shards.add(new ArrayList<>());
                    bytes = 0;
                }
                shards.get(shards.size() - 1).add(image);
                bytes += stored;
            }
            return new ShardPlan(shards, rawSize);
        }

        int storedBytes(PreparedImage image) {
            return storedBytes(image, rawSize);
        }

        long imageBytes() {
            return shards.stream()
                    .flatMap(List::stream)
                    .mapToLong(this::storedBytes)
                    .sum();
        }

        private static int storedBytes(PreparedImage image, int rawSize) {
            return rawSize == 0 ? image.byteCount() : 3 * rawSize * rawSize;
        }
    }
}
