/**
 * A data set drawn by the program, for tests and first runs without downloads.
 *
 * <p>Read {@link yolompi.synthetic.ShapeDataSet} first: it writes the images, YOLO labels, names
 * and lists. {@code ShapeScene} draws one image from seed and index, with the classes of
 * {@code ShapeKind} on a {@code ShapeBackground}, and finds the visible part of each shape, which
 * its box bounds.
 */
package yolompi.synthetic;
