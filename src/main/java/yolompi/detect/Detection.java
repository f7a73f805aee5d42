package yolompi.detect;

import yolompi.geometry.Box;

/**
 * One found object.
 *
 * @param classId index into the data set's names, from 0
 * @param score how sure the network is, 0 to 1
 * @param box in pixels of the upright original image
 */
public record Detection(int classId, float score, Box box) {}
