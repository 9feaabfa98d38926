package dk.elleve.backup.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// One key under another, by AES-256-GCM: a fresh nonce, the ciphertext, the tag.
final class KeyWrap {

    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyWrap() {}

    /// @param context must be the same when it is unwrapped
    static byte[] wrap(SecretKey key, byte[] bytes, byte[] context) {
        try {
            var nonce = new byte[NONCE];
            RANDOM.nextBytes(nonce);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(context);
            var wrapped = Arrays.copyOf(nonce, NONCE + bytes.length + TAG);
            cipher.doFinal(bytes, 0, bytes.length, wrapped, NONCE);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }

    static byte[] unwrap(SecretKey key, byte[] wrapped, byte[] context) throws AEADBadTagException {
        if (wrapped.length < NONCE + TAG) {
            throw new AEADBadTagException("too short");
        }
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG, wrapped, 0, NONCE));
            cipher.updateAAD(context);
            return cipher.doFinal(wrapped, NONCE, wrapped.length - NONCE);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }
}
