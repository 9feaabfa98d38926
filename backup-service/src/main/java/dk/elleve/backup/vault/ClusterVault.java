package dk.elleve.backup.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;

/// One cluster's part of a vault, encrypted on the way in, authenticated on the way out. Names are
/// relative to the cluster.
///
/// Objects lie under `clusters/<system id>/`, their wrapped data keys under `clusters/<system
/// id>/keys/`.
public final class ClusterVault {

    /// What became of a write.
    ///
    /// @param created whether this call wrote the object; else the name was taken
    /// @param bytes size of the encrypted object
    /// @param seal names this very writing of the object, whatever else may come to lie under its name
    public record Receipt(boolean created, long bytes, String seal) {}

    private static final String ROOT = "clusters/";
    private static final byte[] KEY_MAGIC = "ELVK1".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vault vault;
    private final MasterKey master;
    private final String systemId;
    private final ConcurrentHashMap<String, DataKey> keys = new ConcurrentHashMap<>();

    public ClusterVault(Vault vault, MasterKey master, String systemId) {
        if (!systemId.matches("[0-9]{1,20}")) {
            throw new IllegalArgumentException(
                    "'" + systemId + "' is not the system identifier of a PostgreSQL cluster");
        }
        this.vault = vault;
        this.master = master;
        this.systemId = systemId;
    }

    /// System identifiers of the clusters that have anything in the vault.
    public static List<String> clusters(Vault vault) {
        return vault.list(ROOT).stream()
                .map(name -> name.substring(ROOT.length()))
                .filter(name -> name.indexOf('/') > 0)
                .map(name -> name.substring(0, name.indexOf('/')))
                .distinct()
                .toList();
    }

    public String systemId() {
        return systemId;
    }

    /// Fails with [VaultProblem#WRONG_KEY] when the cluster's keys are wrapped by another master key.
    public void unlock() {
        vault.list(path("keys/")).stream()
                .findFirst()
                .ifPresent(name -> unwrap(name.substring(path("keys/").length())));
    }

    /// Writes an object under the data key `keyId`, which is made when it does not exist.
    public Receipt putIfAbsent(String keyId, String name, byte[] content, int offset, int length) {
        var sealed = Sealing.seal(keyForWriting(keyId), name, content, offset, length);
        var created = vault.putIfAbsent(path(name), sealed.bytes());
        return new Receipt(created, sealed.bytes().length, sealed.seal());
    }

    public Receipt putIfAbsent(String keyId, String name, byte[] content) {
        return putIfAbsent(keyId, name, content, 0, content.length);
    }

    /// Like [#putIfAbsent], but content with this name must be equal: then the second writing changes
    /// nothing, and an answer of the storage that was lost the first time does no harm. The receipt is
    /// that of the object that lies there. Fails with [VaultProblem#CONFLICT].
    public Receipt putSame(String keyId, String name, byte[] content, int offset, int length) {
        var receipt = putIfAbsent(keyId, name, content, offset, length);
        if (receipt.created()) {
            return receipt;
        }
        var object = vault.get(path(name)).orElseThrow(() -> missing(name));
        var there = open(name, object);
        if (!Arrays.equals(there.content(), 0, there.content().length, content, offset, offset + length)) {
            throw new VaultException(
                    VaultProblem.CONFLICT,
                    "object '" + name + "' of cluster " + systemId + " is in the vault already with other content;"
                            + " a second cluster with the same system identifier may be writing there");
        }
        return new Receipt(false, object.length, there.seal());
    }

    public Optional<byte[]> find(String name) {
        return vault.get(path(name)).map(object -> open(name, object).content());
    }

    public byte[] get(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    /// Reads an object that must be the very one a receipt was given for.
    public byte[] get(String name, String seal) {
        var opened = open(name, vault.get(path(name)).orElseThrow(() -> missing(name)));
        if (!opened.seal().equals(seal)) {
            throw new VaultException(
                    VaultProblem.DAMAGED,
                    "object '" + name + "' is damaged: it is another writing than the one recorded");
        }
        return opened.content();
    }

    /// The data key an object says it is encrypted under.
    public String keyOf(String name) {
        return Sealing.keyId(name, vault.get(path(name)).orElseThrow(() -> missing(name)));
    }

    public List<String> list(String prefix) {
        var skip = path("").length();
        return vault.list(path(prefix)).stream()
                .map(name -> name.substring(skip))
                .toList();
    }

    public void delete(String name) {
        vault.delete(path(name));
    }

    /// Fingerprints under a key that comes from the data key `keyId`, which is made when it does not
    /// exist.
    public BlockHash blockHash(String keyId) {
        return new BlockHash(keyForWriting(keyId).derive("elleve backup blocks"));
    }

    /// Destroys a data key: everything written under it is unreadable from then on.
    public void destroyKey(String keyId) {
        vault.delete(path("keys/" + keyId));
        keys.remove(keyId);
    }

    public List<String> keyIds() {
        return list("keys/").stream()
                .map(name -> name.substring("keys/".length()))
                .toList();
    }

    private Sealing.Opened open(String name, byte[] object) {
        return Sealing.open(unwrap(Sealing.keyId(name, object)), name, object);
    }

    private DataKey keyForWriting(String keyId) {
        var known = keys.get(keyId);
        if (known != null) {
            return known;
        }
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("'" + keyId + "' is no name for a data key");
        }
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var wrapped = master.wrap(bytes, keyContext(keyId));
        var fingerprint = master.fingerprint().getBytes(StandardCharsets.US_ASCII);
        var object = ByteBuffer.allocate(KEY_MAGIC.length + fingerprint.length + wrapped.length)
                .put(KEY_MAGIC)
                .put(fingerprint)
                .put(wrapped)
                .array();
        // The key is durable before anything is encrypted under it; whoever comes second uses the first one's.
        vault.putIfAbsent(path("keys/" + keyId), object);
        return unwrap(keyId);
    }

    private DataKey unwrap(String keyId) {
        var known = keys.get(keyId);
        if (known != null) {
            return known;
        }
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "an object of cluster " + systemId + " names an impossible data key");
        }
        var name = "keys/" + keyId;
        var object = vault.get(path(name)).orElseThrow(() -> missing(name));
        var header = KEY_MAGIC.length + 16;
        if (object.length < header || !Arrays.equals(object, 0, KEY_MAGIC.length, KEY_MAGIC, 0, KEY_MAGIC.length)) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "object '" + name + "' is damaged: it does not begin as a wrapped key");
        }
        var wrappedBy = new String(object, KEY_MAGIC.length, 16, StandardCharsets.US_ASCII);
        try {
            var bytes = master.unwrap(Arrays.copyOfRange(object, header, object.length), keyContext(keyId));
            var key = new DataKey(systemId, keyId, bytes);
            keys.put(keyId, key);
            return key;
        } catch (AEADBadTagException e) {
            if (!wrappedBy.equals(master.fingerprint())) {
                throw new VaultException(
                        VaultProblem.WRONG_KEY,
                        "the backups of cluster " + systemId + " are encrypted under master key " + wrappedBy
                                + ", but the key given is " + master.fingerprint());
            }
            throw new VaultException(
                    VaultProblem.DAMAGED, "object '" + name + "' is damaged: it does not authenticate", e);
        }
    }

    private String keyContext(String keyId) {
        return "elleve data key\n" + systemId + "\n" + keyId;
    }

    private String path(String name) {
        return ROOT + systemId + "/" + name;
    }

    private VaultException missing(String name) {
        return new VaultException(
                VaultProblem.MISSING, "object '" + name + "' of cluster " + systemId + " is missing from the vault");
    }
}
