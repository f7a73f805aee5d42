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
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.pack.PackFixture;
import yolompi.pack.PackOptions;
import yolompi.pack.PackReport;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

final class VocFormatTest extends AnnotationFormatContract {
    private static final String PETS_FILE = "xml/pets 7.xml";

    VocFormatTest() {
        super(AnnotationFormat.VOC);
    }

    @Override
    Path write(List<ImageBoxes> images, List<String> names) throws IOException {
        for (ImageBoxes image : images) {
            StringBuilder xml = new StringBuilder("<annotation><filename>other.jpg</filename>")
                    .append("<size><width>100</width><height>80</height></size>\n");
            image.boxes().forEach(box -> xml.append(object(box)));
            write("xml/" + image.stem() + ".xml", xml + "</annotation>\n");
        }
        return folder.resolve("xml");
    }

    /** Includes a part with its own box, as VOC has for persons. */
    private static String object(NamedBox box) {
        return """
                <object><name>%s</name><difficult>%d</difficult>
                  <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
                  <bndbox><xmin>%.0f</xmin><ymin>%.0f</ymin><xmax>%.0f</xmax><ymax>%.0f.0</ymax></bndbox></object>
                """.formatted(
                        box.name(),
                        box.ignored() ? 1 : 0,
                        box.box().x1(),
                        box.box().y1(),
                        box.box().x2(),
                        box.box().y2());
    }

    @Override
    void corruptBox() throws IOException {
        replace(PETS_FILE, "<xmin>10<", "<xmin>ten<");
    }

    @Override
    Path corruptFile() throws IOException {
        return replace(PETS_FILE, "</annotation>", "");
    }

    @Override
    boolean supportsIgnoredBoxes() {
        return true;
    }

    @Test
    void withoutANamesFileNamesAreSorted() throws IOException {
        Path annotations = write(IMAGES, List.of());
        replace(PETS_FILE, "cat", "zebra");

        assertThat(AnnotationFormat.VOC
                        .read(paths(annotations, Optional.empty()))
                        .classes()
                        .names())
                .containsExactly("dog", "zebra");
    }

    @Test
    void boxesDrawnOnTheStoredImageAreRotatedWithIt() throws IOException {
        ImageFileFixture.write(fixture.image("pets 7.jpg"), ImageFileFixture.withOrientation(jpeg, 6));
        PackReport report = PackFixture.pack(fixture.options(AnnotationFormat.VOC, write(IMAGES, List.of())));

        assertThat(report.repaired())
                .extracting(PackIssue::kind)
                .containsExactly(PackIssue.Kind.EXIF_ORIENTATION, PackIssue.Kind.ROTATED_BOXES);
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.boxes(2).get(0).box()).isEqualTo(new Box(20, 10, 60, 50));
            assertThat(shards.boxes(2).get(1).box()).isEqualTo(new Box(0, 0, 80, 100));
        }
    }

    @Test
    void fileWithAnExternalEntityIsRejected() throws IOException {
        Path secret = write("secret.txt", "cat");
        Path annotations = write(IMAGES, List.of());
        replace(PETS_FILE, "<annotation>", "<!DOCTYPE a [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]><annotation>");
        replace(PETS_FILE, "<name>cat</name>", "<name>&e;</name>");
        Annotations read = read(annotations);

        assertThat(read.images()).extracting(AnnotatedImage::imageId).containsExactly("empty", "garden");
        assertThat(read.issues()).extracting(PackIssue::kind).containsExactly(PackIssue.Kind.BAD_ANNOTATION);
    }

    @Test
    void missingAnnotationOfASplitEntryCountsAsABadImage() throws IOException {
        Files.createDirectories(folder.resolve("xml"));
        Path split = write("split.txt", "pets 7\n");
        Annotations read = AnnotationFormat.VOC.read(
                new SourcePaths(folder.resolve("images"), folder.resolve("xml"), Optional.of(split), names()));

        assertThat(read.issues()).extracting(PackIssue::kind).containsExactly(PackIssue.Kind.BAD_ANNOTATION);
        assertThat(read.issues().get(0).file()).endsWith("pets 7.xml");
    }

    @Test
    void namesMaySelectSomeClassesButNotNone() throws IOException {
        ImageBoxes pets = IMAGES.get(2);
        PackOptions options = fixture.options(AnnotationFormat.VOC, write(List.of(pets), List.of()));
        replace(PETS_FILE, "cat", "hamster");
        replace(PETS_FILE, "dog", "rabbit");
        assertThatThrownBy(() -> PackFixture.pack(options))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(
                        "2 of 2 boxes have classes without a name, expected a name for at least one", "--names");

        replace(PETS_FILE, "rabbit", "dog");
        assertThat(PackFixture.pack(options).dropped())
                .extracting(PackIssue::kind)
                .containsExactly(PackIssue.Kind.UNKNOWN_CLASS);
    }
}
