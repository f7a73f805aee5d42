package yolompi.checkpoint;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A checksum of tensors. */
public final class TensorDigest {
    private TensorDigest() {}

    /** SHA-256, in hexadecimal, of the bytes of all tensors in order. */
    public static String sha256(List<NamedTensor> tensors) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            tensors.forEach(tensor -> sha256.update(tensor.bytes()));
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
