package yolompi.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import yolompi.detect.Detection;
import yolompi.eval.coco.CocoResults;
import yolompi.eval.metric.ImageResult;

/**
 * Writes COCO result format, for the command {@code score}. An image id is the name of the image; a
 * number with leading zeros, as in COCO's file names, becomes that number. Each result also has the
 * path of the file.
 */
public final class CocoFile implements Output {
    /** Limits the number to the range of a long. */
    private static final Pattern NUMBER_WITH_ZEROS = Pattern.compile("0+(0|[1-9][0-9]{0,17})");

    private final Path file;
    private final List<Integer> categoryIds;
    private final List<Name> pictures = new ArrayList<>();
    private final List<ImageResult> results = new ArrayList<>();

    /** The part of an image to keep; its frame may hold its bytes. */
    private record Name(String picture, String file) {}

    /**
     * Creates a file without results.
     *
     * @param categoryIds category id of each class in the data set
     */
    public CocoFile(Path file, List<Integer> categoryIds) {
        this.file = file;
        this.categoryIds = categoryIds;
    }

    @Override
    public void add(SeenFrame seen, List<Detection> found) {
        results.add(new ImageResult(pictures.size(), List.of(), found));
        pictures.add(new Name(seen.frame().name(), seen.frame().input().path().toString()));
    }

    @Override
    public void finish() throws IOException {
        List<String> ids = imageIds(pictures.stream().map(Name::picture).toList());
        CocoResults.write(
                file,
                results,
                i -> new CocoResults.Image(
                        ids.get(i), Optional.of(pictures.get(i).file())),
                categoryIds::get);
    }

    /** {@code 000001} becomes the image id 1, as in COCO, unless another image has that id. */
    static List<String> imageIds(List<String> names) {
        Set<String> taken = new HashSet<>(names);
        return names.stream().map(name -> imageId(name, taken)).toList();
    }

    private static String imageId(String name, Set<String> taken) {
        Matcher number = NUMBER_WITH_ZEROS.matcher(name);
        return number.matches() && taken.add(number.group(1)) ? number.group(1) : name;
    }

    @Override
    public String title() {
        return "COCO results in " + file;
    }
}
