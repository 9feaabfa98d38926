package dk.elleve.backup.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key that wraps all data keys of the vault. Its bytes never leave this class.
public final class MasterKey {

    private static final int NONCE = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;
    private final String fingerprint;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.fingerprint = fingerprint(bytes);
    }

    /// From the Base64 of 32 bytes; blanks around it do not matter.
    public static MasterKey fromBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new VaultException(VaultProblem.WRONG_KEY, "the master key is not Base64");
        }
        if (bytes.length != 32) {
            throw new VaultException(
                    VaultProblem.WRONG_KEY, "the master key has " + bytes.length + " bytes instead of 32");
        }
        return new MasterKey(bytes);
    }

    /// Tells keys apart without telling anything about them.
    public String fingerprint() {
        return fingerprint;
    }

    /// @param context what the wrapped key is for; unwrapping for anything else fails
    byte[] wrap(byte[] dataKey, String context) {
        try {
            var nonce = new byte[NONCE];
            RANDOM.nextBytes(nonce);
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            var wrapped = Arrays.copyOf(nonce, NONCE + dataKey.length + 16);
            cipher.doFinal(dataKey, 0, dataKey.length, wrapped, NONCE);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }

    byte[] unwrap(byte[] wrapped, String context) throws AEADBadTagException {
        if (wrapped.length < NONCE + 16) {
            throw new AEADBadTagException("too short");
        }
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, wrapped, 0, NONCE));
            cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(wrapped, NONCE, wrapped.length - NONCE);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM", e);
        }
    }

    private static String fingerprint(byte[] bytes) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            var digest = mac.doFinal("elleve master key fingerprint".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks HMAC-SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "master key " + fingerprint + " (***)";
    }
}
