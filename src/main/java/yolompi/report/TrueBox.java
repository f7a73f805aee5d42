package yolompi.report;

import yolompi.geometry.Box;

/**
 * An annotated box to draw.
 *
 * @param classId decides the colour, from 0
 * @param box in pixels of the picture
 */
public record TrueBox(int classId, Box box) {}
