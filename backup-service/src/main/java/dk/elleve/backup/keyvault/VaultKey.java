package dk.elleve.backup.keyvault;

import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import dk.elleve.backup.vault.KeyKeeper;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One version of an RSA key in a key vault.
final class VaultKey implements KeyKeeper {

    static final int BITS = 3072;

    private final KeyId id;
    private final KeyClient keys;
    private final CryptographyClient cryptography;
    private volatile @Nullable PublicKey publicKey;

    /// @param id with a version
    VaultKey(KeyId id, KeyClient keys, CryptographyClient cryptography) {
        this.id = id;
        this.keys = keys;
        this.cryptography = cryptography;
    }

    @Override
    public String id() {
        return id.toString();
    }

    @Override
    public byte[] wrap(byte[] key) {
        publicKey();
        return Answers.calling(
                id,
                () -> cryptography.wrapKey(KeyWrapAlgorithm.RSA_OAEP_256, key).getEncryptedKey());
    }

    @Override
    public Optional<byte[]> unwrap(byte[] wrapped) {
        return Answers.calling(id, () -> {
            try {
                return Optional.of(cryptography
                        .unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, wrapped)
                        .getKey());
            } catch (RuntimeException e) {
                if (Answers.status(e) == 400) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public byte[] sign(byte[] message) {
        return Answers.calling(
                id,
                () -> cryptography
                        .sign(SignatureAlgorithm.PS256, sha256(message))
                        .getSignature());
    }

    /// By the public key: a signature is looked at more often than it is made.
    @Override
    public boolean isSigned(byte[] message, byte[] signature) {
        try {
            var verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            verifier.initVerify(publicKey());
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks RSASSA-PSS", e);
        }
    }

    private PublicKey publicKey() {
        var known = publicKey;
        if (known == null) {
            known = Answers.calling(id, this::fetch);
            publicKey = known;
        }
        return known;
    }

    private PublicKey fetch() {
        var key = keys.getKey(id.key(), Objects.requireNonNull(id.version())).getKey();
        if (key.getN() == null || key.getE() == null) {
            throw unfit("it is no RSA key");
        }
        var modulus = new BigInteger(1, key.getN());
        if (modulus.bitLength() < BITS) {
            throw unfit("it has " + modulus.bitLength() + " bits; at least " + BITS + " are wanted");
        }
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, new BigInteger(1, key.getE())));
        } catch (GeneralSecurityException e) {
            throw unfit("it is no RSA key that Java knows");
        }
    }

    private VaultException unfit(String why) {
        return new VaultException(VaultProblem.KEY_UNUSABLE, "the master key " + id + " cannot be used: " + why);
    }

    private static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
