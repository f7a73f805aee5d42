package yolompi.pack.annotation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import yolompi.InputException;

/**
 * The locations of images and annotations.
 *
 * @param images folder of image files
 * @param annotations VOC: folder of XML files; COCO: the JSON file; YOLO: folder of label files;
 *     list: the list file
 * @param split file that lists the images to pack, one per line: an id, a file name or a path; all
 *     images if absent
 * @param names file that lists the class names, one per line; taken from the data if absent
 */
public record SourcePaths(Path images, Path annotations, Optional<Path> split, Optional<Path> names) {
    public SourcePaths {
        if (!Files.isDirectory(images)) {
            throw new InputException("--images " + images + ": no such folder; give the folder with the images");
        }
        if (!Files.exists(annotations)) {
            throw new InputException("--annotations " + annotations + ": no such file or folder");
        }
    }

    void requireAnnotationFolder(String what) {
        if (!Files.isDirectory(annotations)) {
            throw new InputException(
                    "--annotations " + annotations + ": found a file, expected the folder with " + what);
        }
    }

    void requireAnnotationFile(String what) {
        if (!Files.isRegularFile(annotations)) {
            throw new InputException("--annotations " + annotations + ": found a folder, expected " + what);
        }
    }

    Optional<ClassNames> givenNames() {
        return names.map(ClassNames::read);
    }
}
