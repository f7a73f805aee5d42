package yolompi.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import yolompi.data.ImageEncoding;
import yolompi.data.ImageFileFixture;
import yolompi.pack.annotation.AnnotationFormat;
import yolompi.pack.annotation.SourcePaths;

/** A folder with images, a box list and class names, which a test fills and packs. */
public final class PackFixture {
    private final Path folder;

    public PackFixture(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("images"));
        Files.writeString(folder.resolve("names.txt"), "cat\ndog\n");
        Files.createFile(folder.resolve("list.txt"));
    }

    public Path out() {
        return folder.resolve("shards");
    }

    public Path image(String name) {
        return folder.resolve("images").resolve(name);
    }

    /** Adds an image with its boxes, each {@code x1,y1,x2,y2,class}. */
    public PackFixture add(String name, byte[] file, String... boxes) throws IOException {
        ImageFileFixture.write(image(name), file);
        return list(name, boxes);
    }

    PackFixture list(String name, String... boxes) throws IOException {
        Path list = folder.resolve("list.txt");
        String line = name + " " + String.join(" ", Arrays.asList(boxes)) + "\n";
        Files.writeString(list, Files.readString(list) + line);
        return this;
    }

    PackOptions options(double maxBadPercent) {
        return options(maxBadPercent, ImageEncoding.JPEG, 64, 2);
    }

    public PackOptions options(double maxBadPercent, ImageEncoding encoding, int shardMib, int threads) {
        return options(AnnotationFormat.LIST, folder.resolve("list.txt"), maxBadPercent, encoding, shardMib, threads);
    }

    public PackOptions options(AnnotationFormat format, Path annotations) {
        return options(format, annotations, 0, ImageEncoding.JPEG, 64, 2);
    }

    private PackOptions options(
            AnnotationFormat format,
            Path annotations,
            double maxBadPercent,
            ImageEncoding encoding,
            int shardMib,
            int threads) {
        SourcePaths paths = new SourcePaths(
                folder.resolve("images"), annotations, Optional.empty(), Optional.of(folder.resolve("names.txt")));
        return new PackOptions(format, paths, out(), encoding, 64, shardMib, maxBadPercent, threads);
    }

    PackReport pack() {
        return pack(options(100));
    }

    public static PackReport pack(PackOptions options) {
        return new Packer(options, PackProgress.NONE).pack();
    }
}
