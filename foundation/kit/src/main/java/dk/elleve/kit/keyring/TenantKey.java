package dk.elleve.kit.keyring;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import dk.elleve.contracts.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/// One tenant's key, opened. Everything else is derived from it by name, so destroying it reaches all of that.
public final class TenantKey {

    private final TenantId tenant;
    private final String id;
    private final byte[] secret;

    TenantKey(TenantId tenant, String id, byte[] secret) {
        this.tenant = tenant;
        this.id = id;
        this.secret = secret.clone();
    }

    public TenantId tenant() {
        return tenant;
    }

    /// Names this key in ciphertexts and certificates; tells nothing about the key.
    public String id() {
        return id;
    }

    /// AES-256-GCM under a key derived for this use (HKDF-SHA-256, RFC 5869).
    ///
    /// @param use what it is for, such as `field/customers/people/email` or `audit/2026-11`
    public Aead aead(String use) {
        try {
            return new AesGcmJce(derive(use));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }

    /// 32 bytes derived for this use; the same use always gives the same bytes.
    public byte[] derive(String use) {
        try {
            return Hkdf.computeHkdf(
                    "HMACSHA256",
                    secret,
                    ("elleve/" + tenant + "/" + id).getBytes(StandardCharsets.UTF_8),
                    use.getBytes(StandardCharsets.UTF_8),
                    32);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA-256 is not available", e);
        }
    }

    @Override
    public String toString() {
        return "TenantKey[" + tenant + ", " + id + ", ***]";
    }
}
