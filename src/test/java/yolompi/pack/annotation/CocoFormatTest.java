package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import yolompi.InputException;

final class CocoFormatTest extends AnnotationFormatContract {
    private static final String FILE = "coco.json";
    private static final Map<String, Integer> CATEGORIES = Map.of("cat", 17, "dog", 90, "hamster", 5);
    private static final int FIRST_IMAGE_ID = 40;

    CocoFormatTest() {
        super(AnnotationFormat.COCO);
    }

    /** Includes fields that are not read, and categories that are not sorted by id. */
    @Override
    Path write(List<ImageBoxes> images, List<String> names) throws IOException {
        StringJoiner listed = new StringJoiner(",\n");
        StringJoiner annotations = new StringJoiner(",\n");
        for (ImageBoxes image : images) {
            listed.add("{\"id\": %s, \"file_name\": \"%s\", \"width\": 100, \"height\": 80}"
                    .formatted(imageId(image), image.file()));
            image.boxes().forEach(box -> annotations.add(annotation(image, box)));
        }
        String hamster = names.contains("hamster") ? ", {\"id\": 5, \"name\": \"hamster\"}" : "";
        return write(FILE, """
                {"info": {"year": 2026}, "images": [
                %s],
                 "annotations": [
                %s],
                 "categories": [{"id": 90, "name": "dog"}, {"id": 17, "name": "cat"}%s]}
                """.formatted(listed, annotations, hamster));
    }

    private String annotation(ImageBoxes image, NamedBox box) {
        return "{\"image_id\": %s, \"category_id\": %d, \"bbox\": [%.0f, %.0f, %.0f, %.0f], \"iscrowd\": %d, \"segmentation\": %s}"
                .formatted(
                        imageId(image),
                        CATEGORIES.get(box.name()),
                        box.box().x1(),
                        box.box().y1(),
                        box.box().width(),
                        box.box().height(),
                        box.ignored() ? 1 : 0,
                        box.ignored() ? "{\"counts\": [1]}" : "[[1, 2]]");
    }

    @Override
    String imageId(ImageBoxes image) {
        int index = IMAGES.stream().map(ImageBoxes::file).toList().indexOf(image.file());
        return Integer.toString(FIRST_IMAGE_ID + index);
    }

    @Override
    List<Integer> categoryIds() {
        return List.of(17, 90);
    }

    @Override
    void corruptBox() throws IOException {
        replace(FILE, "[10, 20, 40, 40]", "[10, 20, 40]");
    }

    @Override
    Path corruptFile() throws IOException {
        return replace(FILE, "]}", "");
    }

    @Override
    boolean supportsIgnoredBoxes() {
        return true;
    }

    @Test
    void withoutANamesFileClassesAreInTheOrderOfTheirCategoryIds() throws IOException {
        Path file = write(IMAGES, List.of("cat", "dog", "hamster"));
        Annotations read = AnnotationFormat.COCO.read(paths(file, Optional.empty()));

        assertThat(read.classes().names()).containsExactly("hamster", "cat", "dog");
        assertThat(read.categoryIds()).containsExactly(5, 17, 90);
    }

    @Test
    void malformedJsonIsNamedWithItsLine() throws IOException {
        Path file = write(FILE, "{\"images\": [\n{]");

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("coco.json, line 2");
    }

    @Test
    void boxesOfAnUnlistedImageAreReported() throws IOException {
        Path file = write(IMAGES, List.of("cat", "dog"));
        replace(FILE, "\"image_id\": 41", "\"image_id\": 77");

        assertThat(read(file).issues()).singleElement().satisfies(issue -> {
            assertThat(issue.file()).isEqualTo(file.toString());
            assertThat(issue.detail()).contains("1 boxes of image 77");
        });
    }
}
