package dk.elleve.tlog;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The private half of a note key, written `PRIVATE+KEY+name+hash+base64` as Go's checksum database does
/// ("skey"). Prints as its public half; only [#secret] gives the key away.
public final class SignerKey {

    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int SEED_LENGTH = 32;

    /// What stands before the 32 seed bytes in a PKCS#8 PrivateKeyInfo (RFC 8410).
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final VerifierKey verifier;
    private final byte[] seed;
    private final PrivateKey privateKey;

    private SignerKey(String name, SignatureType type, byte[] seed) {
        if (seed.length != SEED_LENGTH) {
            throw new MalformedException("an Ed25519 seed is 32 bytes long, not " + seed.length);
        }
        this.seed = seed.clone();
        this.privateKey = privateKey(seed);
        this.verifier = VerifierKey.of(name, type, rawPublicKey(seed));
        requireOneKey();
    }

    public static SignerKey of(String name, SignatureType type, byte[] seed) {
        return new SignerKey(name, type, seed);
    }

    public static SignerKey generate(String name, SignatureType type, SecureRandom random) {
        byte[] seed = new byte[SEED_LENGTH];
        random.nextBytes(seed);
        return new SignerKey(name, type, seed);
    }

    /// No message repeats what was given: it is a secret.
    public static SignerKey parse(String skey) {
        var parts = skey.strip().startsWith(PREFIX)
                ? skey.strip().substring(PREFIX.length()).split("\\+", 3)
                : new String[0];
        if (parts.length != 3) {
            throw new MalformedException("not a signer key: it must be PRIVATE+KEY+name+hash+base64");
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("the signer key of " + parts[0] + " is not base64");
        }
        if (blob.length != 1 + SEED_LENGTH) {
            throw new MalformedException("the signer key of " + parts[0] + " has the wrong length");
        }
        var key = new SignerKey(parts[0], SignatureType.of(blob[0]), Arrays.copyOfRange(blob, 1, blob.length));
        if (!"%08x".formatted(key.verifier.keyId()).equals(parts[1])) {
            throw new MalformedException("the signer key of " + parts[0] + " is damaged: its hash does not fit");
        }
        return key;
    }

    public VerifierKey verifier() {
        return verifier;
    }

    /// Signs the text now being given out.
    ///
    /// @throws IllegalStateException for a cosigner, which needs a time: [#cosign]
    public NoteSignature sign(String text) {
        if (verifier.type() != SignatureType.ED25519) {
            throw new IllegalStateException(verifier.id() + " is a cosigner: it signs with a time");
        }
        return signature(ed25519(Strict.utf8(text)));
    }

    /// Cosigns a checkpoint that was seen, and found consistent with every earlier one, at that time.
    public NoteSignature cosign(String checkpointText, Instant time) {
        if (verifier.type() != SignatureType.COSIGNATURE_V1) {
            throw new IllegalStateException(verifier.id() + " is not a cosigner");
        }
        long seconds = time.getEpochSecond();
        if (seconds < 0) {
            throw new IllegalArgumentException("a cosignature is made after 1970, not at " + time);
        }
        byte[] made = ed25519(VerifierKey.cosigned(checkpointText, seconds));
        return signature(ByteBuffer.allocate(Long.BYTES + made.length)
                .putLong(seconds)
                .put(made)
                .array());
    }

    /// The whole private key. Goes into a secret file and nowhere else.
    public String secret() {
        byte[] blob = ByteBuffer.allocate(1 + SEED_LENGTH)
                .put(verifier.type().code())
                .put(seed)
                .array();
        return PREFIX + verifier.id() + "+" + Base64.getEncoder().encodeToString(blob);
    }

    @Override
    public String toString() {
        return "signer of " + verifier.id();
    }

    private NoteSignature signature(byte[] made) {
        return new NoteSignature(verifier.name(), verifier.keyId(), made);
    }

    private byte[] ed25519(byte[] message) {
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(privateKey);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing failed for " + verifier.id(), e);
        }
    }

    /// Guards [#rawPublicKey]: a public key that is not the seed's own would leak the seed through its
    /// signatures.
    private void requireOneKey() {
        byte[] probe = {'e', 'l', 'e', 'v', 'e', 'n'};
        if (!VerifierKey.ed25519Verifies(VerifierKey.ed25519(verifier.rawPublicKey()), probe, ed25519(probe))) {
            throw new IllegalStateException("the public key derived for " + verifier.id() + " is not its own");
        }
    }

    private static PrivateKey privateKey(byte[] seed) {
        byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_LENGTH);
        System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_LENGTH);
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform from 15 has Ed25519", e);
        }
    }

    /// The JDK has no public way from seed to public key, but its generator takes the seed from its source of
    /// randomness as it is.
    private static byte[] rawPublicKey(byte[] seed) {
        try {
            var generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
            return VerifierKey.rawKey(generator.generateKeyPair().getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform from 15 has Ed25519", e);
        }
    }

    private static final class FixedRandom extends SecureRandom {

        private final byte[] seed;

        FixedRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("an Ed25519 generator asks for 32 bytes");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
