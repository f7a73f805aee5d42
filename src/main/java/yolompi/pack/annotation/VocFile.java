package yolompi.pack.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import yolompi.geometry.Box;

/**
 * One Pascal VOC annotation file.
 *
 * @param stem file name without extension
 * @param imageName content of {@code filename}; may be empty
 * @param width declared width, pixels; 0 if absent
 * @param height declared height, pixels; 0 if absent
 * @param malformed descriptions of the objects whose box cannot be read
 */
record VocFile(String stem, String imageName, int width, int height, List<Thing> objects, List<String> malformed) {
    /** One annotated object. */
    record Thing(String name, Box box, boolean difficult) {}

    /** Thrown if the file is missing or not a VOC annotation. */
    static final class MalformedException extends Exception {
        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static VocFile parse(Path file) throws MalformedException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(file, builder().parse(in).getDocumentElement());
        } catch (NoSuchFileException missing) {
            throw new MalformedException("no such file", missing);
        } catch (IOException | SAXException | NumberFormatException failure) {
            throw new MalformedException("not readable XML: " + failure.getMessage(), failure);
        }
    }

    private static VocFile of(Path file, Element root) {
        Optional<Element> size = child(root, "size");
        List<Thing> objects = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        for (Element object : children(root, "object")) {
            String name = text(object, "name");
            try {
                objects.add(
                        new Thing(name, box(object), text(object, "difficult").equals("1")));
            } catch (NumberFormatException failure) {
                malformed.add(name + ": " + failure.getMessage());
            }
        }
        String stem = file.getFileName().toString().replaceFirst("\\.xml$", "");
        return new VocFile(stem, text(root, "filename"), edge(size, "width"), edge(size, "height"), objects, malformed);
    }

    private static Box box(Element object) {
        Element corners = child(object, "bndbox").orElseThrow(() -> new NumberFormatException("bndbox is missing"));
        return new Box(
                coordinate(corners, "xmin"),
                coordinate(corners, "ymin"),
                coordinate(corners, "xmax"),
                coordinate(corners, "ymax"));
    }

    private static float coordinate(Element corners, String name) {
        return Numbers.finite(text(corners, name), name);
    }

    private static int edge(Optional<Element> size, String name) {
        String text = size.map(element -> text(element, name)).orElse("");
        return text.isEmpty() ? 0 : Math.round(Float.parseFloat(text));
    }

    private static String text(Element parent, String name) {
        return child(parent, name)
                .map(element -> element.getTextContent().strip())
                .orElse("");
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    /** Direct children only: in VOC, parts of persons have boxes of their own. */
    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            // Annotations come from the internet. Without document types no entity can refer to a
            // file or a host.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder;
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException("this JDK's XML parser cannot refuse document types", impossible);
        }
    }
}
