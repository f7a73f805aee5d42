package yolompi.pack;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import yolompi.pack.annotation.PackIssue;

/**
 * The result of packing, written to {@code pack-report.json} beside the shards.
 *
 * @param images number of packed images
 * @param boxes number of packed boxes, including ignored boxes
 * @param boxesPerClass number of boxes by class name, in the order of class ids
 * @param imagesWithoutBoxes files of the packed images without boxes
 * @param dropped images and boxes that were not packed
 * @param repaired images and boxes that were changed before packing
 * @param imageBytes total size of the stored images
 */
public record PackReport(
        int images,
        int boxes,
        Map<String, Integer> boxesPerClass,
        BoxSizes boxSizes,
        List<String> imagesWithoutBoxes,
        List<PackIssue> dropped,
        List<PackIssue> repaired,
        int shards,
        long imageBytes,
        String fingerprint) {
    static final String FILE_NAME = "pack-report.json";

    static PackReport of(
            List<String> names,
            List<PreparedImage> images,
            List<PackIssue> issues,
            Packer.ShardPlan plan,
            String fingerprint) {
        Map<String, Integer> perClass = new LinkedHashMap<>();
        names.forEach(name -> perClass.put(name, 0));
        images.forEach(
                image -> image.boxes().forEach(box -> perClass.merge(names.get(box.classId()), 1, Integer::sum)));
        return new PackReport(
                images.size(),
                images.stream().mapToInt(image -> image.boxes().size()).sum(),
                perClass,
                BoxSizes.of(images),
                images.stream()
                        .filter(image -> image.boxes().isEmpty())
                        .map(image -> image.file().toString())
                        .toList(),
                issues.stream().filter(issue -> !isRepair(issue)).toList(),
                issues.stream().filter(PackReport::isRepair).toList(),
                plan.shards().size(),
                plan.imageBytes(),
                fingerprint);
    }

    private static boolean isRepair(PackIssue issue) {
        return issue.kind().action() == PackIssue.Kind.Action.REPAIR;
    }

    void write(Path folder) {
        try {
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(folder.resolve(FILE_NAME).toFile(), this);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + folder.resolve(FILE_NAME), failure);
        }
    }

    /**
     * Distribution of box sizes. The edge of a box is that of a square of the same area, in pixels
     * of the original image.
     *
     * @param small boxes with an edge below 32 pixels (COCO's bounds)
     * @param medium boxes with an edge of at least 32 and below 96 pixels
     * @param large boxes with an edge of at least 96 pixels
     * @param minEdge 0 if there are no boxes; so are the next two
     */
    public record BoxSizes(int small, int medium, int large, double minEdge, double medianEdge, double maxEdge) {
        static BoxSizes of(List<PreparedImage> images) {
            double[] edges = images.stream()
                    .flatMap(image -> image.boxes().stream())
                    .mapToDouble(box -> Math.sqrt(box.box().area()))
                    .sorted()
                    .toArray();
            if (edges.length == 0) {
                return new BoxSizes(0, 0, 0, 0, 0, 0);
            }
            int small = (int) Arrays.stream(edges).filter(edge -> edge < 32).count();
            int large = (int) Arrays.stream(edges).filter(edge -> edge >= 96).count();
            return new BoxSizes(
                    small,
                    edges.length - small - large,
                    large,
                    tenths(edges[0]),
                    tenths((edges[(edges.length - 1) / 2] + edges[edges.length / 2]) / 2),
                    tenths(edges[edges.length - 1]));
        }

        private static double tenths(double value) {
            return Math.round(value * 10) / 10.0;
        }
    }
}
