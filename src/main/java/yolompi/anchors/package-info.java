/**
 * Anchors that fit the boxes of a data set.
 *
 * <p>Read {@link yolompi.anchors.BoxShapes} first: widths and heights of the ground-truth boxes in
 * the network input. {@link yolompi.anchors.AnchorFit} measures how well anchors fit them.
 * {@link yolompi.anchors.AnchorSearch} finds new anchors: k-means in {@code AnchorKMeans}, then
 * mutation. {@link yolompi.anchors.AnchorCheck} decides whether the anchors of a recipe are good
 * enough.
 *
 * <p>All results are pure functions of the boxes and a seed.
 */
package yolompi.anchors;
