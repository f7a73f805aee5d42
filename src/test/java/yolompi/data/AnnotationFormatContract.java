package yolompi.data;

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
import yolompi.geometry.Box;
import yolompi.geometry.LabeledBox;

/**
 * Tests that every annotation format must pass: the same three images with the same boxes, written
 * in the format, are read and packed alike.
 */
abstract class AnnotationFormatContract {
    /** A box with the name of its class; {@code ignored} in formats that can say so. */
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

    /** Sorted by file, which is the order in which every format yields them. */
    static final List<ImageBoxes> IMAGES = List.of(
            new ImageBoxes("empty.jpg", List.of()),
            new ImageBoxes("garden.jpg", List.of(new NamedBox(new Box(30, 10, 70, 50), "dog", false))),
            new ImageBoxes(PETS, List.of(new NamedBox(CAT, "cat", false), new NamedBox(DOG, "dog", true))));

    @TempDir
    Path folder;

    PackFixture room;
    final byte[] jpeg = ImageFileFixture.jpeg(WIDTH, HEIGHT);
    private final AnnotationFormat format;

    AnnotationFormatContract(AnnotationFormat format) {
        this.format = format;
    }

    /**
     * Writes annotations.
     *
     * @param names that number the classes, for formats without names
     * @return what {@code --annotations} names
     */
    abstract Path write(List<ImageBoxes> images, List<String> names) throws IOException;

    /**
     * Makes the first box of {@link #PETS}, as {@link #write} has written it, one that cannot be
     * read.
     */
    abstract void spoilBox() throws IOException;

    /**
     * Makes the file with the boxes of {@link #PETS} one that cannot be read at all; returns it.
     */
    abstract Path spoilFile() throws IOException;

    /** Whether the format can say that a box is to be ignored. */
    abstract boolean knowsIgnoredBoxes();

    String imageId(ImageBoxes image) {
        return image.stem();
    }

    /** What COCO results call cat and dog. */
    List<Integer> categoryIds() {
        return List.of(1, 2);
    }

    @BeforeEach
    final void drawImages() throws IOException {
        room = new PackFixture(folder);
        for (ImageBoxes image : IMAGES) {
            ImageFileFixture.write(room.image(image.file()), jpeg);
        }
    }

    @Test
    void imagesAndBoxesComeBackFromShards() throws IOException {
        PackReport report = PackFixture.pack(room.options(format, write(IMAGES, NAMES)));

        assertThat(report.dropped()).isEmpty();
        assertThat(report.repaired()).isEmpty();
        try (ShardSet shards = ShardSet.open(room.out())) {
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

        assertThat(read.findings()).isEmpty();
        assertThat(read.images())
                .extracting(AnnotatedImage::imageId)
                .containsExactlyElementsOf(IMAGES.stream().map(this::imageId).toList());
        for (int i = 0; i < IMAGES.size(); i++) {
            AnnotatedImage image = read.images().get(i);
            boolean pixels = image.unit() == AnnotatedImage.Unit.PIXELS;
            assertThat(image.file()).isEqualTo(room.image(IMAGES.get(i).file()));
            assertThat(image.findings()).isEmpty();
            assertBoxes(image.boxes(), IMAGES.get(i), NAMES, pixels ? 1 : WIDTH, pixels ? 1 : HEIGHT);
        }
    }

    @Test
    void imageWithoutBoxesIsKept() throws IOException {
        AnnotatedImage empty = read(write(IMAGES, NAMES)).images().get(0);

        assertThat(empty.file()).isEqualTo(room.image("empty.jpg"));
        assertThat(empty.boxes()).isEmpty();
    }

    @Test
    void namesFileOrdersTheClasses() throws IOException {
        List<String> names = List.of("dog", "cat");
        Files.write(folder.resolve("names.txt"), names);
        PackFixture.pack(room.options(format, write(IMAGES, names)));

        try (ShardSet shards = ShardSet.open(room.out())) {
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
        assertThat(image.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.UNKNOWN_CLASS);
            assertThat(finding.file()).isEqualTo(room.image(PETS).toString());
            assertThat(finding.detail()).isNotBlank();
        });
    }

    @Test
    void malformedBoxIsDroppedAndReportedWithItsImage() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        spoilBox();
        AnnotatedImage image = read(annotations).images().get(2);

        assertThat(image.boxes()).extracting(LabeledBox::classId).containsExactly(1);
        assertThat(image.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.MALFORMED_BOX);
            assertThat(finding.file()).isEqualTo(room.image(PETS).toString());
            assertThat(finding.detail()).isNotBlank();
        });
    }

    /**
     * A file for one image is reported, and the rest is read; one for all images ends the reading.
     */
    @Test
    void brokenFileIsNamed() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        Path broken = spoilFile();

        if (broken.equals(annotations)) {
            assertThatThrownBy(() -> read(annotations))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(broken.toString());
        } else {
            Annotations read = read(annotations);
            assertThat(read.images()).hasSize(2);
            assertThat(read.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.reason()).isEqualTo(Reason.BAD_ANNOTATION);
                assertThat(finding.file()).isEqualTo(broken.toString());
                assertThat(finding.detail()).isNotBlank();
            });
        }
    }

    @Test
    void splitPicksImagesByNameOrPath() throws IOException {
        Path annotations = write(IMAGES, NAMES);
        Path split = Files.writeString(folder.resolve("split.txt"), "./data/images/garden.jpg\npets 7\n");
        Annotations read =
                format.read(new SourcePaths(folder.resolve("images"), annotations, Optional.of(split), names()));

        assertThat(read.images())
                .extracting(AnnotatedImage::file)
                .containsExactly(room.image("garden.jpg"), room.image(PETS));
        assertThat(read.images().get(1).boxes()).hasSize(2);
    }

    @Test
    void fileInPlaceOfAFolderOrAFolderInPlaceOfAFileIsRefused() throws IOException {
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
            assertThat(found.get(i).ignored()).isEqualTo(expected.ignored() && knowsIgnoredBoxes());
        }
    }

    final Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Replaces the first occurrence of a text in a file that {@link #write} has written. */
    final Path replace(String name, String text, String other) throws IOException {
        Path file = folder.resolve(name);
        String before = Files.readString(file);
        assertThat(before).contains(text);
        int at = before.indexOf(text);
        return Files.writeString(file, before.substring(0, at) + other + before.substring(at + text.length()));
    }

    /** Adds bytes that are no UTF-8 text. */
    final Path addOtherBytes(String name) throws IOException {
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
