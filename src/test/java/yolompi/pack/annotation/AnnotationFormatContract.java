package yolompi.pack.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.InputException;
import yolompi.data.ImageFileFixture;
import yolompi.data.Sample;
import yolompi.data.shard.ShardSet;
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;
import yolompi.pack.PackFixture;
import yolompi.pack.PackReport;
import yolompi.pack.annotation.Annotations.AnnotatedImage;

/**
 * Tests for every annotation format: the same three images and boxes, written in the format, must
 * be read and packed alike.
 */
abstract class AnnotationFormatContract {
    /** A box with the name of its class; {@code ignored} only in formats that support it. */
    record NamedBox(Box box, String name, boolean ignored) {}

    /** An image file and its boxes. */
    record ImageBoxes(String file, List<NamedBox> boxes) {
        String stem() {
            return file.replaceFirst("\\.jpg$", "");
        }
    }

    static final int WIDTH = 100;
    static final int HEIGHT = 80;
    static final Box CAT = new Box(10, 20, 50, 60);
    static final Box DOG = new Box(0, 0, 100, 80);
    private static final List<String> NAMES = List.of("cat", "dog");
    private static final String PETS = "pets 7.jpg";

    /** Sorted by file, as every format returns them. */
    static final List<ImageBoxes> IMAGES = List.of(
            new ImageBoxes("empty.jpg", List.of()),
            new ImageBoxes("garden.jpg", List.of(new NamedBox(new Box(30, 10, 70, 50), "dog", false))),
            new ImageBoxes(PETS, List.of(new NamedBox(CAT, "cat", false), new NamedBox(DOG, "dog", true))));

    @TempDir
    Path folder;

    PackFixture fixture;
    final byte[] jpeg = ImageFileFixture.jpeg(WIDTH, HEIGHT);
    private final AnnotationFormat format;

    AnnotationFormatContract(AnnotationFormat format) {
        this.format = format;
    }

    /**
     * Writes annotations.
     *
     * @param names class names in the order of class numbers, for formats without names
     * @return the value of {@code --annotations}
     */
    abstract Path write(List<ImageBoxes> images, List<String> names) throws IOException;

    /** Makes the first box of {@link #PETS}, as written by {@link #write}, unreadable. */
    abstract void corruptBox() throws IOException;

    /** Makes the whole file with the boxes of {@link #PETS} unreadable and returns it. */
    abstract Path corruptFile() throws IOException;

    /** Whether the format supports ignored boxes. */
    abstract boolean supportsIgnoredBoxes();

    String imageId(ImageBoxes image) {
        return image.stem();
    }

    /** Category ids of cat and dog in COCO results. */
    List<Integer> categoryIds() {
        return List.of(1, 2);
    }

    @BeforeEach
    final void drawImages() throws IOException {
        fixture = new PackFixture(folder);
        for (ImageBoxes image : IMAGES) {
            ImageFileFixture.write(fixture.image(image.file()), jpeg);
        }
    }

    @Test
    void imagesAndBoxesComeBackFromShards() throws IOException {
        PackReport report = PackFixture.pack(fixture.options(format, write(IMAGES, NAMES)));

        assertThat(report.dropped()).isEmpty();
        assertThat(report.repaired()).isEmpty();
        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.names()).isEqualTo(NAMES);
            assertThat(shards.categoryIds()).isEqualTo(categoryIds());
            assertThat(shards.size()).isEqualTo(IMAGES.size());
            for (int i = 0; i < IMAGES.size(); i++) {
                Sample sample = shards.read(i);
                assertThat(sample.imageId()).isEqualTo(imageId(IMAGES.get(i)));
                assertThat(sample.image()).isEqualTo(jpeg);
                assertThat(sample.width()).isEqualTo(WIDTH);
                assertThat(sample.height()).isEqualTo(HEIGHT);
                assertBoxes(sample.boxes(), IMAGES.get(i), NAMES, 1, 1);
            }
        }
    }

    @Test
    void annotationsAreReadInTheOrderOfTheSource() throws IOException {
        Annotations read = read(write(IMAGES, NAMES));

        assertThat(read.issues()).isEmpty();
        assertThat(read.images())
                .extracting(AnnotatedImage::imageId)
                .containsExactlyElementsOf(IMAGES.stream().map(this::imageId).toList());
        for (int i = 0; i < IMAGES.size(); i++) {
            AnnotatedImage image = read.images().get(i);
            boolean pixels = image.unit() == AnnotatedImage.Unit.PIXELS;
            assertThat(image.file()).isEqualTo(fixture.image(IMAGES.get(i).file()));
            assertThat(image.issues()).isEmpty();
            assertBoxes(image.boxes(), IMAGES.get(i), NAMES, pixels ? 1 : WIDTH, pixels ? 1 : HEIGHT);
        }
    }

    @Test
    void imageWithoutBoxesIsKept() throws IOException {
        AnnotatedImage empty = read(write(IMAGES, NAMES)).images().get(0);

        assertThat(empty.file()).isEqualTo(fixture.image("empty.jpg"));
        assertThat(empty.boxes()).isEmpty();
    }

    @Test
    void namesFileOrdersTheClasses() throws IOException {
        List<String> names = List.of("dog", "cat");
        Files.write(folder.resolve("names.txt"), names);
        PackFixture.pack(fixture.options(format, write(IMAGES, names)));

        try (ShardSet shards = ShardSet.open(fixture.out())) {
            assertThat(shards.names()).isEqualTo(names);
            assertBoxes(shards.read(2).boxes(), IMAGES.get(2), names, 1, 1);
        }
    }

    @Test
    void boxOfAClassWithoutANameIsDroppedAndReportedWithItsImage() throws IOException {
        ImageBoxes pets = IMAGES.get(2);
        List<NamedBox> boxes = new ArrayList<>(pets.boxes());
        boxes.add(new NamedBox(CAT, "hamster", false));
        List<ImageBoxes> images = List.of(IMAGES.get(0), IMAGES.get(1), new ImageBoxes(pets.file(), boxes));
        AnnotatedImage image =
                read(write(images, List.of("cat", "dog", "hamster"))).images().get(2);

        assertThat(image.boxes()).hasSize(2);
        assertThat(image.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.kind()).isEqualTo(PackIssue.Kind.UNKNOWN_CLASS);
            assertThat(issue.file()).isEqualTo(fixture.image(PETS).toString());
            assertThat(issue.detail()).isNotBlank();
        });
    }

    @Test
    void malformedBoxIsDroppedAndReportedWithItsImage() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        corruptBox();
        AnnotatedImage image = read(annotations).images().get(2);

        assertThat(image.boxes()).extracting(LabeledBox::classId).containsExactly(1);
        assertThat(image.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.kind()).isEqualTo(PackIssue.Kind.MALFORMED_BOX);
            assertThat(issue.file()).isEqualTo(fixture.image(PETS).toString());
            assertThat(issue.detail()).isNotBlank();
        });
    }

    /**
     * A malformed file of a single image is reported and the others are read. A malformed file of
     * all images is an error.
     */
    @Test
    void malformedFileIsNamed() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        Path broken = corruptFile();

        if (broken.equals(annotations)) {
            assertThatThrownBy(() -> read(annotations))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(broken.toString());
        } else {
            Annotations read = read(annotations);
            assertThat(read.images()).hasSize(2);
            assertThat(read.issues()).singleElement().satisfies(issue -> {
                assertThat(issue.kind()).isEqualTo(PackIssue.Kind.BAD_ANNOTATION);
                assertThat(issue.file()).isEqualTo(broken.toString());
                assertThat(issue.detail()).isNotBlank();
            });
        }
    }

    @Test
    void splitSelectsImagesByNameOrPath() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        Path split = Files.writeString(folder.resolve("split.txt"), "./data/images/garden.jpg\npets 7\n");
        Annotations read =
                format.read(new SourcePaths(folder.resolve("images"), annotations, Optional.of(split), names()));

        assertThat(read.images())
                .extracting(AnnotatedImage::file)
                .containsExactly(fixture.image("garden.jpg"), fixture.image(PETS));
        assertThat(read.images().get(1).boxes()).hasSize(2);
    }

    @Test
    void fileInsteadOfFolderAndFolderInsteadOfFileAreRejected() throws IOException {
        Path other = Files.isDirectory(write(IMAGES, NAMES)) ? folder.resolve("names.txt") : folder.resolve("images");

        assertThatThrownBy(() -> read(other))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--annotations " + other, "expected");
    }

    private void assertBoxes(
            List<LabeledBox> found, ImageBoxes image, List<String> names, float unitWidth, float unitHeight) {
        assertThat(found).as(image.file()).hasSameSizeAs(image.boxes());
        for (int i = 0; i < found.size(); i++) {
            NamedBox expected = image.boxes().get(i);
            Box box = found.get(i).box();
            Box inPixels =
                    new Box(box.x1() * unitWidth, box.y1() * unitHeight, box.x2() * unitWidth, box.y2() * unitHeight);
            assertThat(inPixels.iou(expected.box())).isGreaterThan(0.9999f);
            assertThat(names.get(found.get(i).classId())).isEqualTo(expected.name());
            assertThat(found.get(i).ignored()).isEqualTo(expected.ignored() && supportsIgnoredBoxes());
        }
    }

    final Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Replaces the first occurrence of a text in a file written by {@link #write}. */
    final Path replace(String name, String text, String other) throws IOException {
        Path file = folder.resolve(name);
        String before = Files.readString(file);
        assertThat(before).contains(text);
        int at = before.indexOf(text);
        return Files.writeString(file, before.substring(0, at) + other + before.substring(at + text.length()));
    }

    /** Appends bytes that are not valid UTF-8. */
    final Path appendInvalidUtf8(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0}, StandardOpenOption.APPEND);
    }

    final Annotations read(Path annotations) {
        return format.read(paths(annotations, names()));
    }

    final Optional<Path> names() {
        return Optional.of(folder.resolve("names.txt"));
    }

    final SourcePaths paths(Path annotations, Optional<Path> names) {
        return new SourcePaths(folder.resolve("images"), annotations, Optional.empty(), names);
    }
}
