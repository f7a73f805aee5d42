/**
 * Boxes and the letterbox transform: plain values without any library. Read
 * {@link yolompi.geometry.Box} first: it defines the coordinates that the whole program uses.
 */
package yolompi.geometry;
