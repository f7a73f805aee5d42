package yolompi.data.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import yolompi.geometry.LabeledBox;

/** A record of a shard without its image bytes. */
public record ShardRecord(String imageId, int width, int height, List<LabeledBox> boxes) {
    /**
     * CRC-32 over the image bytes and all fields of this record, as specified in
     * {@link ShardWriter}.
     */
    int checksum(byte[] image) {
        byte[] id = imageId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer facts = ByteBuffer.allocate(id.length + 8 + 21 * boxes.size());
        facts.put(id).putInt(width).putInt(height);
        for (LabeledBox box : boxes) {
            facts.putFloat(box.box().x1()).putFloat(box.box().y1());
            facts.putFloat(box.box().x2()).putFloat(box.box().y2());
            facts.putInt(box.classId()).put((byte) (box.ignored() ? 1 : 0));
        }
        CRC32 crc = new CRC32();
        crc.update(image);
        crc.update(facts.flip());
        return (int) crc.getValue();
    }
}
