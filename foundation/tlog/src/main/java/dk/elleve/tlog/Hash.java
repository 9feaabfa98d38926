package dk.elleve.tlog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/// A SHA-256 value, immutable, and the three ways a Merkle log makes one (RFC 6962 section 2.1, RFC 9162
/// section 2.1.1). A leaf and a node are hashed with different first bytes, so no entry can pass for an inner
/// node.
public final class Hash {

    public static final int LENGTH = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /// One digest per thread: looking the algorithm up costs about as much as hashing a node.
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Hash::newDigest);

    /// The root of a log without entries: SHA-256 of nothing.
    public static final Hash EMPTY_ROOT = sha256();

    private final byte[] bytes;

    private Hash(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @throws MalformedException unless exactly 32 bytes
    public static Hash of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new MalformedException("a hash is " + LENGTH + " bytes, not " + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /// The 32 bytes of `source` that start at `offset`.
    public static Hash at(byte[] source, int offset) {
        Objects.checkFromIndexSize(offset, LENGTH, source.length);
        return new Hash(Arrays.copyOfRange(source, offset, offset + LENGTH));
    }

    /// Standard base64 with padding, in its one canonical spelling.
    public static Hash parse(String base64) {
        return parse(base64, "hash");
    }

    static Hash parse(String base64, String what) {
        byte[] decoded = Strict.base64(base64, what);
        if (decoded.length != LENGTH) {
            throw new MalformedException(what + " is " + decoded.length + " bytes long, must be " + LENGTH);
        }
        return new Hash(decoded);
    }

    /// SHA-256 of the parts, one after the other.
    public static Hash sha256(byte[]... parts) {
        var digest = DIGEST.get();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest());
    }

    public static Hash leaf(byte[] entry) {
        return leaf(entry, 0, entry.length);
    }

    public static Hash leaf(byte[] source, int offset, int length) {
        var digest = DIGEST.get();
        digest.update(LEAF);
        digest.update(source, offset, length);
        return new Hash(digest.digest());
    }

    public static Hash node(Hash left, Hash right) {
        var digest = DIGEST.get();
        digest.update(NODE);
        digest.update(left.bytes);
        digest.update(right.bytes);
        return new Hash(digest.digest());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    /// Whether the 32 bytes of `source` at `offset` are this hash.
    public boolean isAt(byte[] source, int offset) {
        return Arrays.equals(bytes, 0, LENGTH, source, offset, offset + LENGTH);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    /// Its first bytes are as well spread as any function of all of them.
    @Override
    public int hashCode() {
        return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    }

    @Override
    public String toString() {
        return base64();
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
