package yolompi.model.darknet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import yolompi.InputException;
import yolompi.model.Architecture;

/**
 * The anchors of a network. Every {@code [yolo]} section lists all of them; the mask of each head
 * selects some.
 *
 * @param sizes width and height of each, input pixels
 * @param used numbers of the anchors that any head uses, from 0, ascending
 */
public record AnchorList(List<Double> sizes, List<Integer> used) {
    public AnchorList {
        sizes = List.copyOf(sizes);
        used = List.copyOf(used);
    }

    /**
     * The anchors of a network.
     *
     * @param anchors of the recipe; empty: use those of the file
     * @throws InputException if the lists of the heads differ in length, so that no single list can
     *     replace them
     */
    public static AnchorList of(Architecture architecture, List<Double> anchors) {
        List<CfgSection> heads = CfgFile.parse(architecture.source(), architecture.text()).sections().stream()
                .filter(section -> section.name().equals("yolo"))
                .toList();
        List<float[]> lists =
                heads.stream().map(section -> section.floats("anchors")).toList();
        List<Integer> lengths =
                lists.stream().map(list -> list.length / 2).distinct().toList();
        if (lengths.size() != 1) {
            throw new InputException(
                    "%s: its [yolo] sections list %s anchors; model.anchors replaces all lists, so lengths must match"
                            .formatted(architecture.source(), lengths));
        }
        return new AnchorList(
                anchors.isEmpty() ? doubles(lists.get(0)) : anchors,
                heads.stream()
                        .flatMapToInt(head -> IntStream.of(HeadReader.mask(head)))
                        .distinct()
                        .sorted()
                        .boxed()
                        .toList());
    }

    /**
     * Returns the sizes with the used anchors replaced.
     *
     * @param found width and height for each of {@link #used}
     */
    public List<Double> with(List<Double> found) {
        if (found.size() != 2 * used.size()) {
            throw new IllegalArgumentException(found.size() + " numbers for " + used.size() + " anchors");
        }
        List<Double> changed = new ArrayList<>(sizes);
        for (int i = 0; i < used.size(); i++) {
            changed.set(2 * used.get(i), found.get(2 * i));
            changed.set(2 * used.get(i) + 1, found.get(2 * i + 1));
        }
        return changed;
    }

    /** Converts via decimal text, to keep the numbers as the file has them. */
    private static List<Double> doubles(float[] sizes) {
        return IntStream.range(0, sizes.length)
                .mapToObj(i -> Double.valueOf(Float.toString(sizes[i])))
                .toList();
    }
}
