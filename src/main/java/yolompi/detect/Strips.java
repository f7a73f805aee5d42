package yolompi.detect;

import java.util.Arrays;

/**
 * Index of a growing list of boxes: finds the ones that may overlap another box. The plane is cut
 * into columns and rows; each has one bit per box that touches it. Two boxes that overlap share a
 * column and a row, because a larger coordinate never lies in an earlier strip.
 */
final class Strips {
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
        return new Strips(left, top, COUNT / Math.max(1, all.right() - left), COUNT / Math.max(1, all.bottom() - top));
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
     * Values outside the area, infinite ones included, fall into an edge strip; NaN into the first
     * one.
     */
    private static int strip(float at) {
        return Math.max(0, Math.min(COUNT - 1, (int) at));
    }
}
