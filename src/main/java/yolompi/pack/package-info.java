/**
 * Packing: from annotated images to checked shards, once per data set.
 *
 * <p>Read {@link yolompi.pack.Packer} first; it reads annotations, checks all images, and only then
 * writes. {@code PreparedImage} checks each image, {@code BoxCheck} converts, clips or drops its
 * boxes, and every problem becomes a {@link yolompi.pack.annotation.PackIssue}.
 * {@code Fingerprint} identifies the data set, and {@link yolompi.pack.PackReport} states the
 * result.
 *
 * <p>{@link yolompi.pack.PackTeam} lets several processes share the work; they write the same bytes
 * as a single process. {@code SharedStaging} makes the output folder appear completely or not at
 * all.
 */
package yolompi.pack;
