package yolompi.report.image;

import yolompi.geometry.Box;

/**
 * A predicted box, to draw or to write to a file.
 *
 * @param classId gives the color, from 0
 * @param name of the class
 * @param score 0 to 1
 * @param box in pixels of the upright original image
 */
public record PredictedBox(int classId, String name, float score, Box box) {}
