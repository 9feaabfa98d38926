package dk.elleve.audit.capture;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dk.elleve.audit.log.PlatformKey;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.FingerprintKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The keys behind fingerprints, which no database knows: one for the rows, which whoever checks a
/// restored copy has, too, and one for the sums that are kept here. Sums are stored sealed: whoever saw
/// two of them would know the hash of the row that came between, and could take it off again.
@Component
final class FingerprintKeys {

    private final FingerprintKey key;
    private final Aead aead;

    FingerprintKeys(PlatformKey platform, @Value("${elleve.fingerprint-key}") String key) {
        this.key = FingerprintKey.parse(key);
        try {
            this.aead = new AesGcmJce(platform.derive("fingerprint/sums"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }

    /// That rows are hashed with.
    FingerprintKey ofRows() {
        return key;
    }

    byte[] seal(SourceId source, String table, BigInteger sum) {
        try {
            return aead.encrypt(new Fingerprint(0, sum).sumBytes(), context(source, table));
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
