/**
 * Image files: decoding, checking and EXIF orientation.
 *
 * <p>Read {@link yolompi.data.image.ImageDecoder} first: every image of the program is decoded
 * there, upright and as uint8 {@code [h,w,3]} RGB. {@code ExifOrientation} maps boxes in the same
 * way. {@link yolompi.data.image.CheckedImage} checks a file and rejects damaged ones, which OpenCV
 * decodes silently with gray areas. {@link yolompi.data.image.ImageFolder} finds image files.
 */
package yolompi.data.image;
