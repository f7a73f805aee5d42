package yolompi.pack.annotation;

/** The annotation formats that can be packed. */
public enum AnnotationFormat {
    /** Pascal VOC: one XML file per image. */
    VOC,
    /** COCO: one JSON file. */
    COCO,
    /** YOLO: one text file per image, normalized center and size. */
    YOLO,
    /** One line per image: {@code path x1,y1,x2,y2,class …}. */
    LIST;

    /**
     * Reads all annotations, but no images.
     *
     * @throws yolompi.InputException if a file that all images need is missing or malformed
     */
    public Annotations read(SourcePaths paths) {
        return switch (this) {
            case VOC -> VocAnnotations.read(paths);
            case COCO -> CocoAnnotations.read(paths);
            case YOLO -> YoloAnnotations.read(paths);
            case LIST -> ListAnnotations.read(paths);
        };
    }
}
