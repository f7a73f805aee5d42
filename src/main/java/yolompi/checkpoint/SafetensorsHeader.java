package yolompi.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import yolompi.InputException;
import yolompi.checkpoint.NamedTensor.DType;

/**
 * JSON header of a safetensors file: encodes, parses and checks it.
 *
 * <p>The format has no checksums, so this program adds two entries to {@code __metadata__}:
 * {@value #TENSOR_CHECKSUMS} is a JSON object of tensor name → CRC-32C of its bytes, and
 * {@value #HEADER_CHECKSUM} is the CRC-32C of the header's compact JSON without this entry. Both
 * are written as eight hexadecimal digits. Files of other programs have neither and are read
 * unchecked. A file with only one of the two is damaged.
 */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";
    static final String TENSOR_CHECKSUMS = "yolompi.crc32c";
    static final String HEADER_CHECKSUM = "yolompi.header_crc32c";

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Position of a tensor: {@code begin} to {@code end}, counted from the first byte after the
     * header.
     */
    record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

    private SafetensorsHeader() {}

    /**
     * Returns the header's bytes, padded with spaces so that the data begins at a multiple of 8.
     */
    static byte[] encode(Map<String, String> metadata, List<NamedTensor> tensors) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject(METADATA);
        metadata.forEach(texts::put);
        ObjectNode checksums = JSON.createObjectNode();
        long offset = 0;
        for (NamedTensor tensor : tensors) {
            ObjectNode entry =
                    header.putObject(tensor.name()).put("dtype", tensor.dtype().name());
            ArrayNode shape = entry.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            long end = offset + tensor.bytes().remaining();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
            checksums.put(tensor.name(), crc32c(tensor));
        }
        texts.put(TENSOR_CHECKSUMS, checksums.toString());
        texts.put(HEADER_CHECKSUM, crc32c(header));
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Parses the header's bytes. Refuses bytes that are not a JSON object, and a header that does
     * not match its checksum, if it has one.
     */
    static ObjectNode parse(String source, byte[] json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode header) {
                checkHeader(source, header);
                return header;
            }
        } catch (JsonProcessingException e) {
            throw new InputException(source + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException(source + ": the header is not UTF-8 text", e);
        }
        throw new InputException(source + ": the header is not a JSON object");
    }

    private static void checkHeader(String source, ObjectNode header) {
        JsonNode texts = header.path(METADATA);
        if (texts.has(TENSOR_CHECKSUMS) != texts.has(HEADER_CHECKSUM)) {
            throw new InputException(source + ": the header is damaged: expected both " + TENSOR_CHECKSUMS + " and "
                    + HEADER_CHECKSUM + " in its metadata, found only one");
        }
        if (texts.has(HEADER_CHECKSUM)) {
            ObjectNode copy = header.deepCopy();
            String expected =
                    ((ObjectNode) copy.get(METADATA)).remove(HEADER_CHECKSUM).asText();
            String found = crc32c(copy);
            if (!found.equals(expected)) {
                throw new InputException(source + ": the header is damaged: its CRC-32C is " + found + ", expected "
                        + expected + "; use another checkpoint");
            }
        }
    }

    /** Returns the metadata without the checksums. */
    static Map<String, String> metadata(String source, ObjectNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.path(METADATA).properties()) {
            if (!entry.getValue().isTextual()) {
                throw new InputException(
                        source + ": metadata " + entry.getKey() + " = " + entry.getValue() + ": expected a string");
            }
            metadata.put(entry.getKey(), entry.getValue().textValue());
        }
        metadata.remove(TENSOR_CHECKSUMS);
        metadata.remove(HEADER_CHECKSUM);
        return metadata;
    }

    /** Tensor name → CRC-32C; empty for files of other programs. */
    static Map<String, String> checksums(String source, ObjectNode header) {
        Map<String, String> checksums = new LinkedHashMap<>();
        String text = header.path(METADATA).path(TENSOR_CHECKSUMS).asText("{}");
        try {
            JSON.readTree(text)
                    .properties()
                    .forEach(entry ->
                            checksums.put(entry.getKey(), entry.getValue().asText()));
        } catch (JsonProcessingException e) {
            throw new InputException(source + ": metadata " + TENSOR_CHECKSUMS + " is not valid JSON", e);
        }
        return checksums;
    }

    /**
     * Returns all tensors in the order of their data. Together they fill the data exactly, without
     * gap or overlap.
     */
    static List<Entry> entries(String source, ObjectNode header, long dataLength) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                entries.add(entry(source, entry.getKey(), entry.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : entries) {
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

    private static Entry entry(String source, String name, JsonNode node) {
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
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
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

    static String crc32c(NamedTensor tensor) {
        CRC32C crc = new CRC32C();
        crc.update(tensor.bytes());
        return hex(crc);
    }

    private static String crc32c(ObjectNode header) {
        CRC32C crc = new CRC32C();
        crc.update(header.toString().getBytes(StandardCharsets.UTF_8));
        return hex(crc);
    }

    private static String hex(CRC32C crc) {
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
