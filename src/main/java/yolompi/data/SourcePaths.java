package yolompi.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import yolompi.InputException;

/**
 * Where annotated images lie.
 *
 * @param images folder of the image files
 * @param annotations VOC: folder of XML files; COCO: the JSON file; YOLO: folder of label files;
 *     list: the list file
 * @param split names the images to take, one a line: an id, a file name or a path; all where it is
 *     absent
 * @param names names the classes, one a line; what is found in the data where it is absent
 */
public record SourcePaths(Path images, Path annotations, Optional<Path> split, Optional<Path> names) {
    public SourcePaths {
        if (!Files.isDirectory(images)) {
            throw new InputException(
                    "--images " + images + ": no such folder; give the folder with the images");
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
