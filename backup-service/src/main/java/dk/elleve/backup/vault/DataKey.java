package dk.elleve.backup.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Objects;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/// A key that encrypts the objects of one backup or of one day of WAL.
final class DataKey {

    private final String cluster;
    private final String id;
    private final byte[] bytes;

    DataKey(String cluster, String id, byte[] bytes) {
        if (bytes.length != 32) {
            throw new IllegalArgumentException("data key '" + id + "' has " + bytes.length + " bytes instead of 32");
        }
        this.cluster = cluster;
        this.id = id;
        this.bytes = bytes.clone();
    }

    String cluster() {
        return cluster;
    }

    String id() {
        return id;
    }

    byte[] bytes() {
        return bytes;
    }

    /// A key of its own for one purpose (HKDF-SHA256).
    SecretKey derive(String purpose) {
        try {
            var parameters = HKDFParameterSpec.ofExtract()
                    .addIKM(bytes)
                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32);
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HKDF", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataKey key
                && cluster.equals(key.cluster)
                && id.equals(key.id)
                && MessageDigest.isEqual(bytes, key.bytes);
    }

    /// Not of the bytes: a hash of them must not leave this class.
    @Override
    public int hashCode() {
        return Objects.hash(cluster, id);
    }

    @Override
    public String toString() {
        return "data key " + id + " (***)";
    }
}
