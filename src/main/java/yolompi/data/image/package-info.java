/**
 * Image files: decoding, checking and EXIF orientation.
 *
 * <p>Read {@link yolompi.data.image.ImageDecoder} first: every image of the program is decoded
 * there, upright and as uint8 {@code [h,w,3]} RGB. {@code ExifOrientation} maps boxes in the same
 * way. {@link yolompi.data.image.ImageCheck} finds damaged files, which OpenCV decodes silently
 * with gray areas; it returns a {@link yolompi.data.image.CheckedImage} or throws
 * {@link yolompi.data.image.DamagedImageException}.
 */
package yolompi.data.image;
