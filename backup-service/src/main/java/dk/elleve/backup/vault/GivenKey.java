package dk.elleve.backup.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A master key whose bytes we were given. They never leave this class.
final class GivenKey extends MasterKey {

    private final SecretKeySpec key;
    private final String fingerprint;

    private GivenKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.fingerprint = fingerprint(bytes);
    }

    static GivenKey parse(String text) {
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
        return new GivenKey(bytes);
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    byte[] wrap(byte[] dataKey, String context) {
        return KeyWrap.wrap(key, dataKey, context.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    byte[] unwrap(byte[] wrapped, String context) throws AEADBadTagException {
        return KeyWrap.unwrap(key, wrapped, context.getBytes(StandardCharsets.UTF_8));
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
