package yolompi.eval.coco;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import yolompi.eval.metric.CocoBox;
import yolompi.eval.metric.CocoId;

/** Reads the objects of a list in COCO's files one at a time, with the requested fields. */
final class CocoItem {
    private final JsonCursor json;
    private final Set<String> wanted;
    private final Map<String, CocoId> ids = new HashMap<>(8);
    private final Map<String, Double> numbers = new HashMap<>(4);
    private final Map<String, Boolean> flags = new HashMap<>(4);
    private Optional<CocoBox> box = Optional.empty();
    private Optional<String> name = Optional.empty();

    /** @param wanted names of the fields to read; others are skipped */
    CocoItem(JsonCursor json, Set<String> wanted) {
        this.json = json;
        this.wanted = wanted;
    }

    /** Reads the object at the cursor and replaces the previous one. */
    void read() throws IOException {
        ids.clear();
        numbers.clear();
        flags.clear();
        box = Optional.empty();
        name = Optional.empty();
        json.fields("the element", field -> {
            if (wanted.contains(field)) {
                readField(field);
            } else {
                json.skip();
            }
        });
    }

    private void readField(String field) throws IOException {
        switch (field) {
            case "id", "image_id", "category_id" -> ids.put(field, json.id(field));
            case "area", "score" -> numbers.put(field, json.number(field));
            case "iscrowd", "ignore", "difficult" -> flags.put(field, json.flag(field));
            case "bbox" -> box = Optional.of(json.box(field));
            case "name" -> name = Optional.of(json.text(field));
            default -> throw new IllegalArgumentException(field);
        }
    }

    CocoId id(String field) {
        return Optional.ofNullable(ids.get(field)).orElseThrow(() -> missing(field));
    }

    /** Whether the field exists and is 0, in any notation. */
    boolean isZero(String field) {
        return ids.containsKey(field) && ids.get(field).text().equals("0");
    }

    boolean has(String field) {
        return ids.containsKey(field);
    }

    double number(String field) {
        return Optional.ofNullable(numbers.get(field)).orElseThrow(() -> missing(field));
    }

    double number(String field, double otherwise) {
        return numbers.getOrDefault(field, otherwise);
    }

    /** The flag's value; false if it is missing. */
    boolean flag(String field) {
        return flags.getOrDefault(field, false);
    }

    CocoBox box() {
        return box.orElseThrow(() -> missing("bbox"));
    }

    Optional<String> name() {
        return name;
    }

    private RuntimeException missing(String field) {
        return json.error("found no '" + field + "'");
    }
}
