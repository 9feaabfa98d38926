package dk.elleve.kit.keyring;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;
import java.util.Base64;

/// The key above all keys, from a file: the local profile's stand-in for Azure Key Vault.
public final class MasterKey {

    private MasterKey() {}

    /// AES-256-GCM under the master key.
    ///
    /// @param base64 32 bytes in base64
    /// @throws IllegalArgumentException if it is not that; the message does not repeat it
    public static Aead aead(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("elleve.master-key is not base64");
        }
        if (bytes.length != 32) {
            throw new IllegalArgumentException("elleve.master-key must hold 32 bytes, it holds " + bytes.length);
        }
        try {
            return new AesGcmJce(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }
}
