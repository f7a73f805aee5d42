package yolompi.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import yolompi.InputException;

/**
 * Positions of the tensors in a file, checked against the file's length before any data is read.
 */
final class SafetensorsLayout {
    private SafetensorsLayout() {}

    /**
     * Returns all tensors in the order of their data. Together they fill the data exactly, without
     * gap or overlap.
     */
    static List<SafetensorsHeader.Entry> of(String source, ObjectNode header, long dataLength) {
        List<SafetensorsHeader.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(SafetensorsHeader.METADATA)) {
                entries.add(entry(source, entry.getKey(), entry.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(SafetensorsHeader.Entry::begin)
                .thenComparingLong(SafetensorsHeader.Entry::end));
        long end = 0;
        for (SafetensorsHeader.Entry entry : entries) {
            if (entry.begin() != end) {
                throw fail(source, entry.name(), "begins at byte " + entry.begin() + " of the data, expected " + end);
            }
            end = entry.end();
        }
        if (end != dataLength) {
            throw new InputException(source + ": the file holds " + dataLength + " bytes of data, expected " + end
                    + "; the file is truncated or has extra bytes");
        }
        return entries;
    }

    private static SafetensorsHeader.Entry entry(String source, String name, JsonNode node) {
        DType dtype = dtype(source, name, node.path("dtype"));
        long[] shape = longs(source, name, node.path("shape"), "shape");
        long[] offsets = longs(source, name, node.path("data_offsets"), "data_offsets");
        if (offsets.length != 2 || offsets[1] < offsets[0]) {
            throw fail(source, name, "data_offsets " + node.path("data_offsets") + ", expected [begin, end]");
        }
        long found = offsets[1] - offsets[0];
        long expected = byteCount(source, name, dtype, shape);
        if (found != expected) {
            throw fail(
                    source, name, found + " bytes, expected " + expected + " for " + dtype + " " + node.path("shape"));
        }
        if (found > Integer.MAX_VALUE) {
            throw fail(source, name, found + " bytes; tensors of 2 GiB or more are not supported");
        }
        return new SafetensorsHeader.Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static DType dtype(String source, String name, JsonNode node) {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(node.textValue())) {
                return dtype;
            }
        }
        throw fail(source, name, "dtype " + node + ", expected one of " + List.of(DType.values()));
    }

    private static long[] longs(String source, String name, JsonNode node, String key) {
        boolean valid = node.isArray();
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length && valid; i++) {
            JsonNode element = node.get(i);
            valid = element.isIntegralNumber() && element.canConvertToLong() && element.longValue() >= 0;
            values[i] = element.longValue();
        }
        if (!valid) {
            throw fail(source, name, key + " " + node + ", expected non-negative integers");
        }
        return values;
    }

    private static long byteCount(String source, String name, DType dtype, long[] shape) {
        try {
            return NamedTensor.byteCount(dtype, shape);
        } catch (ArithmeticException e) {
            InputException failure = fail(source, name, "the shape has too many elements");
            failure.initCause(e);
            throw failure;
        }
    }

    private static InputException fail(String source, String name, String problem) {
        return new InputException(source + ", tensor \"" + name + "\": " + problem);
    }
}
