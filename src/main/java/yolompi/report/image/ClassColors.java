package yolompi.report.image;

import java.awt.Color;

/** A color for each class, the same in every image. Consecutive ids have distinct colors. */
final class ClassColors {
    private static final int[] PALETTE = {
        0xff4b4b, 0x2f9bff, 0x35c759, 0xffcc00, 0xbf5af2, 0xff9500, 0x00c7be, 0xff5fa2, 0x9ccc2f, 0x5e6bff,
        0xc98a4b, 0x00e5ff, 0xd81b60, 0x7cffb2, 0x8d99ae, 0xe6ff5c, 0x8e44ad, 0xffb3a7, 0x1f7a4d, 0xa7c7ff,
    };

    private ClassColors() {}

    static Color of(int classId) {
        return new Color(PALETTE[Math.floorMod(classId, PALETTE.length)]);
    }

    /** Black or white, whichever has more contrast with {@code background}. */
    static Color textOn(Color background) {
        double brightness = 0.299 * background.getRed() + 0.587 * background.getGreen() + 0.114 * background.getBlue();
        return brightness > 130 ? Color.BLACK : Color.WHITE;
    }
}
