package yolompi.geometry;

/**
 * An axis-aligned box, given by its corners in pixels of its image. The origin is the top left
 * corner of the top left pixel; x points right, y points down. {@code x2} and {@code y2} are
 * exclusive: the width is {@code x2 - x1}.
 */
public record Box(float x1, float y1, float x2, float y2) {
    public static Box ofCenter(float centerX, float centerY, float width, float height) {
        return new Box(centerX - width / 2, centerY - height / 2, centerX + width / 2, centerY + height / 2);
    }

    public float width() {
        return x2 - x1;
    }

    public float height() {
        return y2 - y1;
    }

    public float centerX() {
        return (x1 + x2) / 2;
    }

    public float centerY() {
        return (y1 + y2) / 2;
    }

    /** Area in square pixels; 0 if the corners are swapped. */
    public float area() {
        return Math.max(0, width()) * Math.max(0, height());
    }

    public boolean isEmpty() {
        return !(width() > 0 && height() > 0);
    }

    /** The part of this box inside an image of the given size; empty if there is none. */
    public Box clip(float pictureWidth, float pictureHeight) {
        return new Box(
                Math.min(Math.max(x1, 0), pictureWidth),
                Math.min(Math.max(y1, 0), pictureHeight),
                Math.min(Math.max(x2, 0), pictureWidth),
                Math.min(Math.max(y2, 0), pictureHeight));
    }

    public float intersection(Box other) {
        float width = Math.min(x2, other.x2) - Math.max(x1, other.x1);
        float height = Math.min(y2, other.y2) - Math.max(y1, other.y1);
        return width > 0 && height > 0 ? width * height : 0;
    }

    /** Intersection over union, 0 to 1; 0 if both boxes are empty. */
    public float iou(Box other) {
        float shared = intersection(other);
        float union = area() + other.area() - shared;
        return union > 0 ? shared / union : 0;
    }
}
