package dk.elleve.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The public half of a note key, written `name+hash+base64` as Go's checksum database does ("vkey").
///
/// Trust comes from how one got it: pinned in a file or given by a person, never read from the note it is to
/// verify.
public final class VerifierKey {

    static final int RAW_KEY_LENGTH = 32;

    private static final int SIGNATURE_LENGTH = 64;

    /// What stands before the 32 key bytes in an X.509 SubjectPublicKeyInfo (RFC 8410).
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final SignatureType type;
    private final byte[] rawKey;
    private final int keyId;
    private final PublicKey publicKey;

    private VerifierKey(String name, SignatureType type, byte[] rawKey) {
        NoteSignature.requireKeyName(name);
        if (rawKey.length != RAW_KEY_LENGTH) {
            throw new MalformedException("an Ed25519 public key is 32 bytes long, not " + rawKey.length);
        }
        this.name = name;
        this.type = type;
        this.rawKey = rawKey.clone();
        this.keyId = keyId(name, type, rawKey);
        this.publicKey = ed25519(rawKey);
    }

    public static VerifierKey of(String name, SignatureType type, byte[] rawPublicKey) {
        return new VerifierKey(name, type, rawPublicKey);
    }

    public static VerifierKey parse(String vkey) {
        var parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3) {
            throw new MalformedException("'" + vkey.strip() + "' is not a verifier key: it must be name+hash+base64");
        }
        byte[] blob = Strict.base64(parts[2], "the verifier key '" + vkey.strip() + "'");
        if (blob.length < 1) {
            throw new MalformedException("the verifier key '" + vkey.strip() + "' is empty");
        }
        var key = new VerifierKey(parts[0], SignatureType.of(blob[0]), Arrays.copyOfRange(blob, 1, blob.length));
        if (!key.keyIdHex().equals(parts[1])) {
            throw new MalformedException("the verifier key '" + vkey.strip() + "' is damaged: its hash is " + parts[1]
                    + ", its content says " + key.keyIdHex());
        }
        return key;
    }

    public String name() {
        return name;
    }

    public SignatureType type() {
        return type;
    }

    public int keyId() {
        return keyId;
    }

    public byte[] rawPublicKey() {
        return rawKey.clone();
    }

    /// Name and key id, as in `log.example+33d7b496`: enough to tell keys apart in a message.
    public String id() {
        return name + "+" + keyIdHex();
    }

    public boolean names(NoteSignature signature) {
        return signature.keyId() == keyId && signature.keyName().equals(name);
    }

    /// Whether this key made this signature for this text.
    public boolean verifies(String text, NoteSignature signature) {
        if (!names(signature)) {
            return false;
        }
        byte[] made = signature.signature();
        return switch (type) {
            case ED25519 -> ed25519Verifies(publicKey, Strict.utf8(text), made);
            case COSIGNATURE_V1 ->
                made.length == Long.BYTES + SIGNATURE_LENGTH
                        && ByteBuffer.wrap(made).getLong() >= 0
                        && ed25519Verifies(
                                publicKey,
                                cosigned(text, ByteBuffer.wrap(made).getLong()),
                                Arrays.copyOfRange(made, Long.BYTES, made.length));
        };
    }

    /// When a witness says it saw the checkpoint. Believe it only of a signature that verifies.
    public static Instant cosignedAt(NoteSignature signature) {
        byte[] made = signature.signature();
        if (made.length != Long.BYTES + SIGNATURE_LENGTH) {
            throw new MalformedException("the signature of " + signature + " is not a cosignature");
        }
        long seconds = ByteBuffer.wrap(made).getLong();
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new MalformedException("the cosignature of " + signature + " has no possible time");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /// What a witness signs.
    static byte[] cosigned(String text, long seconds) {
        return Strict.utf8("cosignature/v1\ntime " + seconds + "\n" + text);
    }

    static int keyId(String name, SignatureType type, byte[] rawKey) {
        byte[] kind = {'\n', type.code()};
        return ByteBuffer.wrap(Hash.sha256(name.getBytes(StandardCharsets.UTF_8), kind, rawKey)
                        .bytes())
                .getInt();
    }

    static byte[] rawKey(PublicKey publicKey) {
        byte[] encoded = publicKey.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - RAW_KEY_LENGTH, encoded.length);
    }

    static boolean ed25519Verifies(PublicKey key, byte[] message, byte[] signature) {
        if (signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            // The JDK throws for keys and signatures that are no points of the curve: they verify nothing.
            return false;
        }
    }

    static PublicKey ed25519(byte[] rawKey) {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + RAW_KEY_LENGTH);
        System.arraycopy(rawKey, 0, encoded, X509_PREFIX.length, RAW_KEY_LENGTH);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new MalformedException("the public key is not an Ed25519 key: " + e.getMessage());
        }
    }

    private String keyIdHex() {
        return "%08x".formatted(keyId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key
                && name.equals(key.name)
                && type == key.type
                && Arrays.equals(rawKey, key.rawKey);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + keyId;
    }

    /// The key as it is given to others: `name+hash+base64`.
    @Override
    public String toString() {
        byte[] blob = ByteBuffer.allocate(1 + RAW_KEY_LENGTH)
                .put(type.code())
                .put(rawKey)
                .array();
        return id() + "+" + Base64.getEncoder().encodeToString(blob);
    }
}
