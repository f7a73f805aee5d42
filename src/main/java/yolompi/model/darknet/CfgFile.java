package yolompi.model.darknet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import yolompi.InputException;
import yolompi.model.LayerSpec;

/**
 * A parsed Darknet {@code .cfg}: a list of sections, the first one {@code [net]}.
 *
 * <p>A line is {@code [section]}, {@code key=value} or blank. A comment goes from {@code #} or
 * {@code ;} to the end of the line. White space around keys and values is ignored. A key occurs at
 * most once in a section, except in {@code [net]}, where the first value counts.
 *
 * @param source file name for messages
 * @param text the whole file; checkpoints store it
 * @param sections all sections, never empty
 */
public record CfgFile(String source, String text, List<CfgSection> sections) {
    private static final Set<String> BUILT_IN = Set.of("yolov3", "yolov3-spp", "yolov3-tiny");

    /** UTF-8 byte order mark, decoded as Latin-1. Some editors write it before the text. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    public CfgFile {
        sections = List.copyOf(sections);
    }

    /**
     * Reads a built-in network or a file.
     *
     * @param nameOrPath {@code yolov3}, {@code yolov3-tiny}, {@code yolov3-spp}, or the path of a
     *     {@code .cfg} file
     * @throws InputException if there is no such file or it is not a {@code .cfg}; the message
     *     names file and line
     */
    public static CfgFile read(String nameOrPath) {
        return BUILT_IN.contains(nameOrPath)
                ? parse(nameOrPath + ".cfg", resource(nameOrPath + ".cfg"))
                : parse(nameOrPath, file(nameOrPath));
    }

    /** Parses the text of a {@code .cfg}. Messages show {@code source} as the file name. */
    public static CfgFile parse(String source, String text) {
        List<CfgSection> sections = new ArrayList<>();
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = withoutComment(raw);
            if (line.startsWith("[")) {
                sections.add(new CfgSection(source, sectionName(source, number, line), number));
            } else if (!line.isEmpty()) {
                addEntry(sections, source, number, line);
            }
        }
        if (sections.isEmpty()
                || !Set.of("net", "network").contains(sections.get(0).name())) {
            String found = sections.isEmpty()
                    ? "no section at all"
                    : "[" + sections.get(0).name() + "]";
            throw new InputException(source + ": expected [net] as the first section, found " + found);
        }
        return new CfgFile(source, text, sections);
    }

    /**
     * Number of classes that the file was written for, from its first head.
     *
     * @throws InputException if no {@code [yolo]} states it
     */
    public int classes() {
        return sections.stream()
                .filter(section -> section.name().equals("yolo") && section.has("classes"))
                .findFirst()
                .map(section -> section.positive("classes", 1, LayerSpec.MAX_CHANNELS))
                .orElseThrow(() -> new InputException(source + ": no [yolo] section has classes; expected classes=N"));
    }

    /** Edge of the input that the file was written for: the width in its {@code [net]}. */
    public OptionalInt edge() {
        CfgSection net = sections.get(0);
        return net.has("width") ? OptionalInt.of(net.positive("width", 1)) : OptionalInt.empty();
    }

    private static String sectionName(String source, int number, String line) {
        String name = line.substring(1, Math.max(1, line.length() - 1)).strip();
        if (!line.endsWith("]") || name.isEmpty()) {
            throw new InputException(source + ", line " + number + ": expected [section], found " + line);
        }
        return name;
    }

    private static void addEntry(List<CfgSection> sections, String source, int number, String line) {
        int equals = line.indexOf('=');
        if (equals < 1) {
            throw new InputException(source + ", line " + number + ": expected key=value or [section], found " + line);
        }
        if (sections.isEmpty()) {
            throw new InputException(
                    source + ", line " + number + ": expected [net] before the first key, found " + line);
        }
        CfgSection section = sections.get(sections.size() - 1);
        String key = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        section.add(key, value, number);
    }

    private static String withoutComment(String line) {
        return line.replaceFirst("[#;].*", "").strip();
    }

    private static String resource(String name) {
        try (InputStream in = CfgFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource yolompi/model/darknet/" + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(String path) {
        try {
            // Latin-1 decodes any bytes. Only comments contain more than ASCII, in any encoding.
            String text = Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "no such file" : "can't be read: " + e.getMessage();
            throw new InputException(
                    path + ": " + why + "; expected yolov3, yolov3-tiny, yolov3-spp or the path of a Darknet .cfg file",
                    e);
        }
    }
}
