package yolompi.pack.annotation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One problem of the annotated images, which packing dropped or repaired.
 *
 * @param file the image, or the annotation file if that file cannot be read
 * @param detail what was found; empty if the kind suffices
 */
public record PackIssue(String file, @JsonProperty("reason") Kind kind, String detail) {
    /** The kinds of problems, and what packing does about each. */
    public enum Kind {
        MISSING_IMAGE(Action.DROP_IMAGE, "image missing"),
        DAMAGED_IMAGE(Action.DROP_IMAGE, "image damaged or truncated"),
        BAD_ANNOTATION(Action.DROP_IMAGE, "annotation missing or unreadable"),
        REPEATED_IMAGE(Action.DROP_REPEAT, "image listed twice"),
        UNKNOWN_CLASS(Action.DROP_BOX, "unknown class"),
        MALFORMED_BOX(Action.DROP_BOX, "malformed box"),
        ZERO_SIZE_BOX(Action.DROP_BOX, "zero-size box"),
        OUTSIDE_BOX(Action.DROP_BOX, "box outside the image"),
        DUPLICATE_BOX(Action.DROP_BOX, "duplicate box"),
        CLIPPED_BOX(Action.REPAIR, "box clipped to the image"),
        ROTATED_BOXES(Action.REPAIR, "boxes rotated to the upright image"),
        EXIF_ORIENTATION(Action.REPAIR, "EXIF orientation applied"),
        GREY_IMAGE(Action.REPAIR, "grayscale image converted to RGB"),
        CMYK_IMAGE(Action.REPAIR, "CMYK image converted to RGB");

        /** What packing does with the image or the box. */
        public enum Action {
            /** Skips the image, which counts as bad. */
            DROP_IMAGE,
            /** Skips the repetition of an image; its first occurrence is kept. */
            DROP_REPEAT,
            DROP_BOX,
            REPAIR
        }

        private final Action action;
        private final String text;

        Kind(Action action, String text) {
            this.action = action;
            this.text = text;
        }

        public Action action() {
            return action;
        }

        /** Short text for the report. */
        @JsonValue
        public String text() {
            return text;
        }
    }
}
