package dk.elleve.audit.log;

import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/// The key of what belongs to no tenant, from the master key; no database knows it.
@Component
public final class PlatformKey {

    private final byte[] master;

    PlatformKey(@Value("${elleve.master-key}") String masterKey) {
        this.master = Base64.getDecoder().decode(masterKey.strip());
    }

    /// 32 bytes derived for this use (HKDF-SHA-256, RFC 5869); the same use always gives the same bytes.
    public byte[] derive(String use) {
        try {
            return Hkdf.computeHkdf(
                    "HMACSHA256",
                    master,
                    "elleve/audit/platform".getBytes(StandardCharsets.UTF_8),
                    use.getBytes(StandardCharsets.UTF_8),
                    32);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA-256 is not available", e);
        }
    }
}
