package yolompi.report.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import yolompi.data.Bccd;
import yolompi.geometry.Box;

final class BoxPainterTest {
    private static final Box BOX = new Box(200, 200, 300, 280);

    @Test
    void predictionIsDrawnInTheColorOfItsClass() {
        BufferedImage gray = gray();
        BufferedImage painted = BoxPainter.paint(gray, List.of(DrawnBox.prediction(3, "cat", 0.9f, BOX)));

        Color color = BoxPainter.colorOf(3);
        assertThat(colorAt(painted, 200, 240)).isEqualTo(color);
        assertThat(colorAt(painted, 250, 280)).isEqualTo(color);
        assertThat(colorAt(painted, 250, 240)).isEqualTo(Color.GRAY);
        assertThat(colorAt(painted, 400, 100)).isEqualTo(Color.GRAY);
        assertThat(colorsIn(gray, new Rectangle(gray.getWidth(), gray.getHeight())))
                .containsExactly(Color.GRAY);
    }

    @Test
    void labelHasAFilledBackgroundAboveTheBox() {
        BufferedImage painted = BoxPainter.paint(gray(), List.of(DrawnBox.prediction(3, "cat", 0.9f, BOX)));
        Set<Color> above = colorsIn(painted, new Rectangle(202, 188, 40, 8));
        assertThat(above).contains(BoxPainter.colorOf(3), BoxPainter.textOn(BoxPainter.colorOf(3)));
        assertThat(above).doesNotContain(Color.GRAY);
    }

    @Test
    void groundTruthIsDashedInWhiteAndTheColorOfItsClass() {
        BufferedImage painted = BoxPainter.paint(gray(), List.of(DrawnBox.groundTruth(0, BOX)));
        assertThat(colorsIn(painted, new Rectangle(200, 210, 1, 60))).contains(BoxPainter.colorOf(0), Color.WHITE);
        assertThat(colorsIn(painted, new Rectangle(210, 180, 80, 15))).containsExactly(Color.GRAY);
    }

    @Test
    void boxBeyondTheImageIsDrawnAtTheEdgeWithItsLabelInside() {
        Box beyond = new Box(-50, -20, 900, 700);
        BufferedImage painted = BoxPainter.paint(gray(), List.of(DrawnBox.prediction(1, "dog", 1, beyond)));
        assertThat(colorAt(painted, 639, 300)).isEqualTo(BoxPainter.colorOf(1));
        assertThat(colorsIn(painted, new Rectangle(4, 4, 60, 6))).contains(BoxPainter.colorOf(1), Color.BLACK);
    }

    @Test
    void neighboringLabelsDoNotOverlap() {
        LabelPlaces places = new LabelPlaces(640, 480);
        List<Rectangle> labels = IntStream.range(0, 6)
                .mapToObj(i -> places.place(BOX, new Dimension(45, 15)))
                .toList();
        for (Rectangle label : labels) {
            assertThat(labels.stream().filter(label::intersects)).containsExactly(label);
        }
    }

    @Test
    void labelThatWouldHideItsBoxIsBelowIt() {
        LabelPlaces places = new LabelPlaces(64, 64);
        assertThat(places.place(new Box(8, 2, 28, 22), new Dimension(36, 8))).isEqualTo(new Rectangle(8, 22, 36, 8));
        assertThat(places.place(new Box(0, 0, 64, 64), new Dimension(36, 8))).isEqualTo(new Rectangle(0, 0, 36, 8));
    }

    @Test
    void smallImageStaysVisibleUnderItsLabel() {
        BufferedImage small = gray().getSubimage(0, 0, 64, 64);
        BufferedImage painted =
                BoxPainter.paint(small, List.of(DrawnBox.prediction(3, "bicycle", 0.9f, new Box(16, 24, 48, 56))));
        long label = IntStream.range(0, 64 * 22) // the rows above the frame
                .filter(i -> !colorAt(painted, i % 64, i / 64).equals(Color.GRAY))
                .count();
        assertThat(label).isBetween(100L, 64 * 64 / 8L);
    }

    @Test
    void labelStaysInsideTheImage() {
        LabelPlaces places = new LabelPlaces(640, 480);
        assertThat(places.place(new Box(620, 0, 640, 10), new Dimension(45, 15)))
                .isEqualTo(new Rectangle(595, 10, 45, 15));
    }

    @Test
    void firstTwentyClassesHaveDistinctReadableColors() {
        List<Color> colors =
                IntStream.range(0, 20).mapToObj(BoxPainter::colorOf).toList();
        assertThat(colors).doesNotHaveDuplicates();
        assertThat(BoxPainter.colorOf(20)).isEqualTo(colors.get(0));
        assertThat(colors).allSatisfy(color -> assertThat(contrast(color, BoxPainter.textOn(color)))
                .isGreaterThan(3));
    }

    @Test
    void paintedPhotographCanBeReadAgain(@TempDir Path folder) throws Exception {
        Path photograph = Bccd.folder().resolve("JPEGImages/BloodImage_00007.jpg");
        BufferedImage image = ImageIO.read(photograph.toFile());
        Path file = folder.resolve("painted.jpg");
        RgbImage.write(
                BoxPainter.paint(image, List.of(DrawnBox.prediction(1, "WBC", 0.98f, new Box(192, 91, 388, 285)))),
                file);
        BufferedImage written = ImageIO.read(file.toFile());
        assertThat(written.getWidth()).isEqualTo(image.getWidth());
        assertThat(distance(colorAt(written, 192, 200), BoxPainter.colorOf(1)))
                .isLessThan(distance(colorAt(image, 192, 200), BoxPainter.colorOf(1)) / 3);
        assertThat(distance(colorAt(written, 290, 200), colorAt(image, 290, 200)))
                .isLessThan(20);
    }

    private static BufferedImage gray() {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[640 * 480];
        Arrays.fill(pixels, Color.GRAY.getRGB());
        image.setRGB(0, 0, 640, 480, pixels, 0, 640);
        return image;
    }

    private static Color colorAt(BufferedImage image, int x, int y) {
        return new Color(image.getRGB(x, y));
    }

    private static Set<Color> colorsIn(BufferedImage image, Rectangle area) {
        List<Color> colors = new ArrayList<>();
        for (int y = area.y; y < area.y + area.height; y++) {
            for (int x = area.x; x < area.x + area.width; x++) {
                colors.add(colorAt(image, x, y));
            }
        }
        return new HashSet<>(colors);
    }

    private static int distance(Color a, Color b) {
        return Math.abs(a.getRed() - b.getRed())
                + Math.abs(a.getGreen() - b.getGreen())
                + Math.abs(a.getBlue() - b.getBlue());
    }

    /** The contrast ratio of WCAG 2, 1 to 21. */
    private static double contrast(Color a, Color b) {
        double light = Math.max(luminance(a), luminance(b));
        double dark = Math.min(luminance(a), luminance(b));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double luminance(Color color) {
        return 0.2126 * linear(color.getRed()) + 0.7152 * linear(color.getGreen()) + 0.0722 * linear(color.getBlue());
    }

    private static double linear(int channel) {
        return Math.pow(channel / 255.0, 2.2);
    }
}
