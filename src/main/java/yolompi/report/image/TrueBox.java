package yolompi.report.image;

import yolompi.geometry.Box;

/**
 * A ground-truth box to draw.
 *
 * @param classId gives the color, from 0
 * @param box in pixels of the image
 */
public record TrueBox(int classId, Box box) {}
