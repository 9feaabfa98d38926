package dk.elleve.audit.capture;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dk.elleve.audit.log.PlatformKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.springframework.stereotype.Component;

/// The keys behind fingerprints, which no database knows. Sums are stored sealed: whoever saw two of them would know
/// the
/// hash of the row that came between, and could take it off again.
@Component
final class FingerprintKeys {

    private final PlatformKey platform;
    private final Aead aead;

    FingerprintKeys(PlatformKey platform) {
        this.platform = platform;
        try {
            this.aead = new AesGcmJce(platform.derive("fingerprint/sums"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }

    /// Hashes the rows of one source; for one thread.
    RowHash rowHash(String database) {
        return new RowHash(platform.derive("fingerprint/rows/" + database));
    }

    byte[] seal(SourceId source, String table, BigInteger sum) {
        var bytes = sum.toByteArray(); // with a sign byte where the first bit is set
        var fixed = new byte[Fingerprint.LENGTH];
        int length = Math.min(bytes.length, fixed.length);
        System.arraycopy(bytes, bytes.length - length, fixed, fixed.length - length, length);
        try {
            return aead.encrypt(fixed, context(source, table));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A sum could not be sealed", e);
        }
    }

    /// @throws IllegalStateException if it is not what was sealed for this table
    BigInteger open(SourceId source, String table, byte[] sealed) {
        try {
            return new BigInteger(1, aead.decrypt(sealed, context(source, table)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "What is kept of " + source.database() + "/" + table + " is not what was sealed", e);
        }
    }

    private static byte[] context(SourceId source, String table) {
        return (source.system() + "/" + source.timeline() + "/" + source.database() + "/" + table)
                .getBytes(StandardCharsets.UTF_8);
    }
}
