/**
 * Boxes and how an image lies in the network's square: plain values without any library. Read
 * {@link yolompi.geometry.Box} first, for the coordinates that the whole program uses.
 */
package yolompi.geometry;
