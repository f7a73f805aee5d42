package yolompi.report;

import yolompi.geometry.Box;

/**
 * A found box to draw or to write down.
 *
 * @param classId decides the colour, from 0
 * @param name of the class
 * @param score 0 to 1
 * @param box in pixels of the upright original image
 */
public record PredictedBox(int classId, String name, float score, Box box) {}
