package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import yolompi.InputException;

final class ListFormatTest extends AnnotationFormatContract {
    private static final String FILE = "boxes.txt";

    ListFormatTest() {
        super(AnnotationFormat.LIST);
    }

    /** Paths contain spaces. A class is a name or, for the dog, a number. */
    @Override
    Path write(List<ImageBoxes> images, List<String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (ImageBoxes image : images) {
            lines.append(image.file());
            for (NamedBox box : image.boxes()) {
                String name = box.name().equals("dog") ? Integer.toString(names.indexOf("dog")) : box.name();
                lines.append(" %.0f,%.0f,%.0f,%.0f,%s"
                        .formatted(
                                box.box().x1(),
                                box.box().y1(),
                                box.box().x2(),
                                box.box().y2(),
                                name));
            }
            lines.append('\n');
        }
        return write(FILE, lines.toString());
    }

    @Override
    void corruptBox() throws IOException {
        replace(FILE, "10,20,50,60,cat", "10,20,fifty,60,cat");
    }

    @Override
    Path corruptFile() throws IOException {
        return appendInvalidUtf8(FILE);
    }

    @Override
    boolean supportsIgnoredBoxes() {
        return false;
    }

    @Test
    void withoutANamesFileNamesAreSorted() throws IOException {
        Path list = write(FILE, "pets 7.jpg 10,20,50,60,zebra 0,0,100,80,dog\n");

        assertThat(AnnotationFormat.LIST
                        .read(paths(list, Optional.empty()))
                        .classes()
                        .names())
                .containsExactly("dog", "zebra");
    }

    @Test
    void numberedClassesNeedNames() throws IOException {
        Path list = write(FILE, "pets 7.jpg 10,20,50,60,0\n");

        assertThatThrownBy(() -> AnnotationFormat.LIST.read(paths(list, Optional.empty())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--names");
    }

    @Test
    void jsonFileIsRejectedAsAList() throws IOException {
        Path json = write("coco.json", "{\"images\": []}");

        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("coco.json: found JSON", "check --format");
    }
}
