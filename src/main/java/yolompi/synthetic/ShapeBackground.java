package yolompi.synthetic;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/**
 * Paints the textured backgrounds of the drawn data set: muted colors with stripes, checks, soft
 * spots or only a gradient, plus grain.
 */
final class ShapeBackground {
    private final RandomGenerator random;
    private final int size;

    ShapeBackground(RandomGenerator random, int size) {
        this.random = random;
        this.size = size;
    }

    void paint(Graphics2D canvas) {
        float hue = random.nextFloat();
        Color first = muted(hue);
        Color second = muted(hue + random.nextFloat(-0.2f, 0.2f));
        double angle = random.nextDouble(2 * Math.PI);
        float reachX = (float) (size / 2.0 * Math.cos(angle));
        float reachY = (float) (size / 2.0 * Math.sin(angle));
        float middle = size / 2f;
        canvas.setPaint(
                new GradientPaint(middle - reachX, middle - reachY, first, middle + reachX, middle + reachY, second));
        canvas.fillRect(0, 0, size, size);
        switch (random.nextInt(4)) {
            case 0 -> stripes(canvas, angle);
            case 1 -> checks(canvas, angle);
            case 2 -> spots(canvas);
            default -> {}
        }
    }

    /** Adds camera-like noise to every pixel of the finished image. */
    void grain(BufferedImage picture) {
        double strength = random.nextDouble(1, 7);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int noise = (int) Math.round(strength * random.nextGaussian());
                int rgb = picture.getRGB(x, y);
                int red = byteOf((rgb >> 16 & 0xFF) + noise);
                int green = byteOf((rgb >> 8 & 0xFF) + noise);
                int blue = byteOf((rgb & 0xFF) + noise);
                picture.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
    }

    private static int byteOf(int value) {
        return Math.min(255, Math.max(0, value));
    }

    private Color muted(float hue) {
        return Color.getHSBColor(hue, random.nextFloat(0.05f, 0.35f), random.nextFloat(0.35f, 0.9f));
    }

    private Color veil() {
        int shade = random.nextBoolean() ? 255 : 0;
        return new Color(shade, shade, shade, random.nextInt(15, 50));
    }

    private void stripes(Graphics2D canvas, double angle) {
        Graphics2D turned = turned(canvas, angle);
        turned.setColor(veil());
        double width = size * random.nextDouble(0.02, 0.09);
        for (double x = -size; x < size; x += 2 * width) {
            turned.fill(new Rectangle2D.Double(x, -size, width, 2 * size));
        }
        turned.dispose();
    }

    private void checks(Graphics2D canvas, double angle) {
        Graphics2D turned = turned(canvas, angle);
        turned.setColor(veil());
        double width = size * random.nextDouble(0.03, 0.1);
        int count = (int) (2 * size / width);
        for (int row = 0; row < count; row++) {
            for (int column = row % 2; column < count; column += 2) {
                turned.fill(new Rectangle2D.Double(column * width - size, row * width - size, width, width));
            }
        }
        turned.dispose();
    }

    private void spots(Graphics2D canvas) {
        int count = random.nextInt(10, 50);
        for (int spot = 0; spot < count; spot++) {
            canvas.setColor(veil());
            double width = size * random.nextDouble(0.03, 0.4);
            double x = random.nextDouble(size) - width / 2;
            double y = random.nextDouble(size) - width / 2;
            canvas.fill(new Ellipse2D.Double(x, y, width, width * random.nextDouble(0.3, 1)));
        }
    }

    private Graphics2D turned(Graphics2D canvas, double angle) {
        Graphics2D turned = (Graphics2D) canvas.create();
        turned.translate(size / 2.0, size / 2.0);
        turned.rotate(angle);
        return turned;
    }
}
