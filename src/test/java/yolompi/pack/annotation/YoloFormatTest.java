package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import yolompi.InputException;
import yolompi.data.ImageFileFixture;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

final class YoloFormatTest extends AnnotationFormatContract {
    private static final String PETS_FILE = "labels/pets 7.txt";

    YoloFormatTest() {
        super(AnnotationFormat.YOLO);
    }

    /** An image without boxes has no label file. Blank lines separate the boxes. */
    @Override
    Path write(List<ImageBoxes> images, List<String> names) throws IOException {
        for (ImageBoxes image : images) {
            StringBuilder lines = new StringBuilder();
            for (NamedBox box : image.boxes()) {
                lines.append("%d %s %s %s %s\n\n"
                        .formatted(
                                names.indexOf(box.name()),
                                box.box().centerX() / WIDTH,
                                box.box().centerY() / HEIGHT,
                                box.box().width() / WIDTH,
                                box.box().height() / HEIGHT));
            }
            if (!image.boxes().isEmpty()) {
                write("labels/" + image.stem() + ".txt", lines.toString());
            }
        }
        return folder.resolve("labels");
    }

    @Override
    void corruptBox() throws IOException {
        replace(PETS_FILE, "0 0.3 0.5 0.4 0.5", "0 0.3 0.5 0.4");
    }

    @Override
    Path corruptFile() throws IOException {
        return appendInvalidUtf8(PETS_FILE);
    }

    @Override
    boolean supportsIgnoredBoxes() {
        return false;
    }

    @Test
    void imagesInSubfoldersHaveTheirLabelsInTheSameSubfolders() throws IOException {
        ImageFileFixture.write(fixture.image("train/b.jpg"), jpeg);
        ImageFileFixture.write(fixture.image("train/c.jpg"), jpeg);
        write("labels/train/c.txt", "0 0.3 0.5 0.4 0.5");
        Path split = write("split.txt", "pets 7\n./data/images/train/c.jpg\n");
        Annotations read = AnnotationFormat.YOLO.read(
                new SourcePaths(folder.resolve("images"), folder.resolve("labels"), Optional.of(split), names()));

        assertThat(read.images()).extracting(AnnotatedImage::imageId).containsExactly("pets 7", "train/c");
        assertThat(read.images().get(1).boxes()).hasSize(1);
    }

    @Test
    void folderWithoutAnyLabelFileIsRejected() throws IOException {
        Path other = folder.resolve("images");
        write("images/names.txt", "cat\n");
        assertThatThrownBy(() -> AnnotationFormat.YOLO.read(paths(other, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--annotations " + other, "any of the 3 images", "empty.txt");

        write("images/pets 7.txt", "");
        assertThat(AnnotationFormat.YOLO.read(paths(other, Optional.empty())).images())
                .hasSize(3);
    }

    @Test
    void namesAreReadFromADataYamlAboveTheLabelFolder() throws IOException {
        Path labels = write(IMAGES, List.of("cat", "dog"));
        Files.delete(folder.resolve("names.txt"));
        write("data.yaml", "nc: 2\nnames: [cat, dog]\n");

        assertThat(AnnotationFormat.YOLO
                        .read(paths(labels, Optional.empty()))
                        .classes()
                        .names())
                .containsExactly("cat", "dog");
    }

    @Test
    void numberedClassesNeedNames() throws IOException {
        Path labels = write(IMAGES, List.of("cat", "dog"));
        Files.delete(folder.resolve("names.txt"));

        assertThatThrownBy(() -> AnnotationFormat.YOLO.read(paths(labels, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--names");
    }
}
