package yolompi.pack;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import yolompi.pack.annotation.Finding;
import yolompi.pack.annotation.Reason;

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
        List<Finding> dropped,
        List<Finding> repaired,
        int shards,
        long imageBytes,
        String fingerprint) {
    static final String FILE_NAME = "pack-report.json";

    static PackReport of(
            List<String> names,
            List<PreparedImage> images,
            List<Finding> findings,
            ShardPlan plan,
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
                findings.stream().filter(finding -> !isRepair(finding)).toList(),
                findings.stream().filter(PackReport::isRepair).toList(),
                plan.shards().size(),
                plan.imageBytes(),
                fingerprint);
    }

    private static boolean isRepair(Finding finding) {
        return finding.reason().action() == Reason.Action.REPAIR;
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
}
