package dk.elleve.backup.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/// An object before it is written. Its chunks may be sealed in any order and by several threads,
/// each with a press of its own; no number may be sealed twice.
public final class Draft {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final DataKey key;
    private final String name;
    private final byte[] salt = new byte[Sealing.SALT];
    private final SecretKey objectKey;

    Draft(DataKey key, String name) {
        RANDOM.nextBytes(salt);
        this.key = key;
        this.name = name;
        try {
            this.objectKey = Sealing.objectKey(key, salt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HKDF", e);
        }
    }

    /// @param length [Stretch#CHUNK], less for the last one only
    public byte[] seal(Press press, int number, byte[] content, int offset, int length, boolean last) {
        var packed = press.packed;
        var size = press.zstd.compressByteArray(packed, 0, packed.length, content, offset, length);
        try {
            press.cipher.init(Cipher.ENCRYPT_MODE, objectKey, Sealing.nonce(number));
            press.cipher.updateAAD(Sealing.context(key, name, number, last));
            return press.cipher.doFinal(packed, 0, size);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }

    String name() {
        return name;
    }

    /// @param chunks all of them in their order, as sealed
    Sealing.Sealed whole(List<byte[]> chunks) {
        var keyId = key.id().getBytes(StandardCharsets.UTF_8);
        var size = Sealing.MAGIC.length + 1 + keyId.length + Sealing.SALT;
        for (var chunk : chunks) {
            size += 4 + chunk.length;
        }
        var out = ByteBuffer.allocate(size);
        out.put(Sealing.MAGIC).put((byte) keyId.length).put(keyId).put(salt);
        for (var chunk : chunks) {
            out.putInt(chunk.length).put(chunk);
        }
        return new Sealing.Sealed(
                out.array(),
                HexFormat.of().formatHex(salt),
                chunks.stream().map(chunk -> chunk.length).toList());
    }
}
