package dk.elleve.kit.fingerprint;

import com.google.crypto.tink.subtle.Hkdf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key behind fingerprints, which no database knows: whoever keeps them and whoever checks a copy against
/// them have it, and nobody else. It says nothing of what it is when printed.
public final class FingerprintKey {

    private static final int LENGTH = 32;

    private final byte[] key;
    private final String id;

    private FingerprintKey(byte[] key) {
        this.key = key;
        this.id = HexFormat.of().formatHex(derive("id"), 0, 8);
    }

    /// @param base64 the setting `elleve.fingerprint-key`: 32 bytes in base64
    /// @throws IllegalArgumentException if it is not that; the message does not repeat it
    public static FingerprintKey parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("elleve.fingerprint-key is not base64");
        }
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("elleve.fingerprint-key must hold 32 bytes, it holds " + bytes.length);
        }
        return new FingerprintKey(bytes);
    }

    /// Names the key and says nothing of it: 16 hexadecimal digits.
    public String id() {
        return id;
    }

    /// Hashes the rows of one database; for one thread.
    public RowHash rowHash(String database) {
        return new RowHash(derive("rows/" + database));
    }

    /// Commits to a fingerprint without telling its sum: whoever knew two sums would know the hash of the row
    /// that came between, and could take it off again. The same place and rows always give the same word.
    ///
    /// @param cluster system identifier
    /// @param position of the WAL at which the table was as the fingerprint says
    /// @return HMAC-SHA-256 in lower-case hex
    public String commitment(
            String cluster, int timeline, String database, String position, String table, Fingerprint fingerprint) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(derive("commitments"), "HmacSHA256"));
            for (var place : new String[] {cluster, Integer.toString(timeline), database, position, table}) {
                var bytes = place.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                mac.update(bytes);
            }
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, fingerprint.rows()));
            mac.update(fingerprint.sumBytes());
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    private byte[] derive(String use) {
        try {
            return Hkdf.computeHkdf(
                    "HMACSHA256",
                    key,
                    "elleve/fingerprint".getBytes(StandardCharsets.UTF_8),
                    use.getBytes(StandardCharsets.UTF_8),
                    LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA-256 is not available", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
