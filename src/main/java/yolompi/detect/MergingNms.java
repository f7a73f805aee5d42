package yolompi.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import yolompi.geometry.Box;

/**
 * Greedy NMS that merges boxes: each kept box becomes the mean, weighted by score, of itself and of
 * the boxes that it suppressed. A box counts for the best kept box that overlaps it.
 */
final class MergingNms {
    private final Candidates candidates;
    private final Candidates.Kept kept;
    private final Strips plane;
    private final Map<Integer, Group> groups = new HashMap<>();
    private final List<WeightedMean> means = new ArrayList<>(); // of all groups, in the order of kept
    private final float maxIou;

    /** For each kept box of a group its mean, and the index that finds the overlaps. */
    private record Group(List<WeightedMean> means, Strips strips) {}

    MergingNms(Candidates candidates, NmsConfig rule) {
        this.candidates = candidates;
        this.kept = new Candidates.Kept(candidates, rule);
        this.plane = Strips.over(candidates.boxes());
        this.maxIou = NmsConfig.iouBound(rule.maxIou());
    }

    List<Detection> run() {
        for (int candidate : candidates.bestFirst()) {
            take(candidate);
        }
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < means.size(); i++) {
            int best = kept.all().get(i);
            found.add(new Detection(
                    candidates.classId(best),
                    candidates.score(best),
                    means.get(i).box()));
        }
        return found;
    }

    private void take(int candidate) {
        Boxes boxes = kept.around(candidate);
        Group group = groups.computeIfAbsent(kept.group(candidate), id -> new Group(new ArrayList<>(), plane.empty()));
        // Every candidate is compared, even after the last kept box; the strips skip distant boxes.
        int better = group.strips().firstOver(maxIou, boxes, candidates.boxes(), candidate);
        if (better < boxes.count()) {
            group.means().get(better).add(candidates, candidate);
        } else if (!kept.isFull()) {
            keep(candidate, boxes, group);
        }
    }

    private void keep(int candidate, Boxes boxes, Group group) {
        kept.keep(candidate);
        group.strips().add(boxes, boxes.count() - 1);
        WeightedMean mean = new WeightedMean();
        mean.add(candidates, candidate);
        group.means().add(mean);
        means.add(mean);
    }

    private static final class WeightedMean {
        private final double[] sums = new double[4];
        private double weight;

        void add(Candidates candidates, int index) {
            double score = candidates.score(index);
            Box box = candidates.boxes().get(index);
            sums[0] += score * box.x1();
            sums[1] += score * box.y1();
            sums[2] += score * box.x2();
            sums[3] += score * box.y2();
            weight += score;
        }

        Box box() {
            return new Box(mean(0), mean(1), mean(2), mean(3));
        }

        private float mean(int corner) {
            return (float) (sums[corner] / weight);
        }
    }

    /**
     * Index of a growing list of boxes: finds the ones that may overlap another box. The plane is
     * cut into columns and rows; each has one bit per box that touches it. Two boxes that overlap
     * share a column and a row, because a larger coordinate never lies in an earlier strip.
     */
    static final class Strips {
        private static final int COUNT = 64;

        private final float left;
        private final float top;
        private final float columnsPerPixel;
        private final float rowsPerPixel;
        private long[] columns = new long[COUNT]; // COUNT words per 64 boxes
        private long[] rows = new long[COUNT];

        private Strips(float left, float top, float columnsPerPixel, float rowsPerPixel) {
            this.left = left;
            this.top = top;
            this.columnsPerPixel = columnsPerPixel;
            this.rowsPerPixel = rowsPerPixel;
        }

        /** An empty index over the area of all boxes that will be added or queried. */
        static Strips over(Boxes all) {
            float left = all.left();
            float top = all.top();
            float width = Math.max(1, all.right() - left);
            float height = Math.max(1, all.bottom() - top);
            return new Strips(left, top, COUNT / width, COUNT / height);
        }

        /** An empty index with the same strips. */
        Strips empty() {
            return new Strips(left, top, columnsPerPixel, rowsPerPixel);
        }

        /** Adds the box at a position of the list. */
        void add(Boxes list, int position) {
            int word = position / Long.SIZE * COUNT;
            if (word == columns.length) {
                columns = Arrays.copyOf(columns, 2 * word);
                rows = Arrays.copyOf(rows, 2 * word);
            }
            long bit = 1L << position;
            for (int i = column(list.x1(position)); i <= column(list.x2(position)); i++) {
                columns[word + i] |= bit;
            }
            for (int i = row(list.y1(position)); i <= row(list.y2(position)); i++) {
                rows[word + i] |= bit;
            }
        }

        /**
         * Position of the first box of the list whose IoU with a box of another list exceeds
         * {@code limit}; the list's count if there is none.
         */
        int firstOver(float limit, Boxes list, Boxes other, int index) {
            int firstColumn = column(other.x1(index));
            int lastColumn = column(other.x2(index));
            int firstRow = row(other.y1(index));
            int lastRow = row(other.y2(index));
            for (int begin = 0, word = 0; begin < list.count(); begin += Long.SIZE, word += COUNT) {
                long candidates = any(columns, word, firstColumn, lastColumn) & any(rows, word, firstRow, lastRow);
                for (; candidates != 0; candidates &= candidates - 1) {
                    int position = begin + Long.numberOfTrailingZeros(candidates);
                    if (list.iou(position, other, index) > limit) {
                        return position;
                    }
                }
            }
            return list.count();
        }

        private static long any(long[] strips, int word, int first, int last) {
            long bits = 0;
            for (int i = first; i <= last; i++) {
                bits |= strips[word + i];
            }
            return bits;
        }

        private int column(float x) {
            return strip((x - left) * columnsPerPixel);
        }

        private int row(float y) {
            return strip((y - top) * rowsPerPixel);
        }

        /**
         * Values outside the area, infinite ones included, fall into an edge strip; NaN into the
         * first one.
         */
        private static int strip(float at) {
            return Math.max(0, Math.min(COUNT - 1, (int) at));
        }
    }
}
