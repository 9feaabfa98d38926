package dk.elleve.backup.vault;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One cluster's part of a vault, encrypted on the way in, authenticated on the way out. Names are relative to
/// the cluster.
///
/// Objects lie under `clusters/<system id>/`, the data keys they are encrypted under in
/// `clusters/<system id>/keys/`, wrapped by a master key.
public final class ClusterVault {

    /// What became of a write.
    ///
    /// @param created whether this call wrote the object; else the name was taken
    /// @param bytes size of the encrypted object
    /// @param seal names this very writing of the object, whatever else may come to lie under its name
    /// @param chunks the sizes of its chunks, by which stretches of it can be read; none when they are not known
    public record Receipt(boolean created, long bytes, String seal, List<Integer> chunks) {

        public Receipt {
            chunks = List.copyOf(chunks);
        }
    }

    private static final String ROOT = "clusters/";

    private final Vault vault;
    private final String systemId;
    private final DataKeys keys;
    private final Signing signing;

    public ClusterVault(Vault vault, MasterKey master, String systemId) {
        this(vault, KeyRing.of(master), systemId);
    }

    public ClusterVault(Vault vault, KeyRing masters, String systemId) {
        this(vault, masters, systemId, Signing.NONE);
    }

    /// @param signing who signs what becomes complete here, and whose signatures count
    public ClusterVault(Vault vault, KeyRing masters, String systemId, Signing signing) {
        if (!systemId.matches("[0-9]{1,20}")) {
            throw new IllegalArgumentException(
                    "'" + systemId + "' is not the system identifier of a PostgreSQL cluster");
        }
        this.vault = vault;
        this.systemId = systemId;
        this.keys = new DataKeys(vault, masters, systemId, path(""));
        this.signing = signing;
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

    public Signing signing() {
        return signing;
    }

    /// Fails with [VaultProblem#WRONG_KEY] when there is anything that none of the master keys opens.
    public void unlock() {
        keys.unlock();
    }

    /// Writes an object under the data key `keyId`, which is made when it does not exist.
    public Receipt putIfAbsent(String keyId, String name, byte[] content, int offset, int length) {
        return putIfAbsent(name, Sealing.seal(keys.forWriting(keyId), name, content, offset, length));
    }

    /// Begins an object that is sealed as its content comes.
    public Draft draft(String keyId, String name) {
        return new Draft(keys.forWriting(keyId), name);
    }

    /// @param chunks all of them in their order, as the draft has sealed them
    public Receipt putIfAbsent(Draft draft, List<byte[]> chunks) {
        return putIfAbsent(draft.name(), draft.whole(chunks));
    }

    private Receipt putIfAbsent(String name, Sealing.Sealed sealed) {
        var created = vault.putIfAbsent(path(name), sealed.bytes());
        return new Receipt(created, sealed.bytes().length, sealed.seal(), sealed.chunks());
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
        return new Receipt(false, object.length, there.seal(), List.of());
    }

    public Optional<byte[]> find(String name) {
        return vault.get(path(name)).map(object -> open(name, object).content());
    }

    public byte[] get(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    /// Reads an object that must be the very one a receipt was given for.
    public byte[] get(String name, String seal) {
        var object = object(name, seal);
        return open(name, object).content();
    }

    /// Reads an object to its last byte without keeping it.
    ///
    /// @param seal of the receipt whose object it must be; any when absent
    /// @return how long the content is
    public int read(String name, @Nullable String seal, Content content) {
        var object = object(name, seal);
        return opening(Sealing.keyId(name, object), key -> Sealing.open(key, name, object, content));
    }

    private byte[] object(String name, @Nullable String seal) {
        var object = vault.get(path(name)).orElseThrow(() -> missing(name));
        if (seal != null && !Sealing.seal(name, object).equals(seal)) {
            throw new VaultException(
                    VaultProblem.DAMAGED,
                    "object '" + name + "' is damaged: it is another writing than the one recorded");
        }
        return object;
    }

    /// Reads stretches of an object that must be the very one a receipt was given for, and that must end where its
    /// last chunk does.
    ///
    /// @param keyId the data key it was written under
    /// @param length of the whole content
    /// @param chunks as in the receipt
    /// @param stretches in their order; the last one must reach to the end
    public void read(
            String keyId,
            String name,
            String seal,
            int length,
            List<Integer> chunks,
            List<Stretch> stretches,
            Content content) {
        // The last one first: an object that was cut or has grown is told before anything else is fetched.
        for (var stretch : stretches.reversed()) {
            var from = Sealing.offset(keyId, chunks, stretch.first());
            var size = Sealing.offset(keyId, chunks, stretch.end()) - from;
            // Behind the end there must be nothing: so one byte more is asked for than there should be.
            var asked = stretch.end() == chunks.size() ? size + 1 : size;
            var bytes = vault.get(path(name), from, asked).orElseThrow(() -> missing(name));
            if (bytes.length != size) {
                throw new VaultException(
                        VaultProblem.DAMAGED, "object '" + name + "' is damaged: its length is not the recorded one");
            }
            opening(keyId, key -> {
                Sealing.open(key, name, seal, chunks, length, stretch, bytes, content);
                return stretch;
            });
        }
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
        return new BlockHash(keys.forWriting(keyId).derive("elleve backup blocks"));
    }

    /// Destroys a data key: everything written under it is unreadable from then on. Fails with
    /// [VaultProblem#IMMUTABLE] when the storage keeps it.
    public void destroyKey(String keyId) {
        keys.destroy(keyId);
    }

    public List<String> keyIds() {
        return keys.ids();
    }

    /// By which master keys the data keys are wrapped. Looks at names only.
    public KeyStatus keyStatus() {
        return keys.status();
    }

    /// Wraps every data key by the current master key; when all are, the wrappings by others go.
    /// Objects are not touched. May be stopped anywhere and run again, and by any number of processes
    /// at once.
    public Rewrapped rewrap(RewrapProgress progress) {
        return keys.rewrap(progress);
    }

    private Sealing.Opened open(String name, byte[] object) {
        return opening(Sealing.keyId(name, object), key -> Sealing.open(key, name, object));
    }

    private <T> T opening(String keyId, Function<DataKey, T> open) {
        var candidates = keys.forReading(keyId);
        try {
            return first(candidates, open);
        } catch (VaultException e) {
            var others = e.problem() == VaultProblem.DAMAGED ? keys.news(keyId) : List.<DataKey>of();
            if (others.isEmpty()) {
                throw e;
            }
            return first(others, open);
        }
    }

    /// @param candidates nearly always one: see [DataKeys]
    private static <T> T first(List<DataKey> candidates, Function<DataKey, T> open) {
        @Nullable VaultException first = null;
        for (var key : candidates) {
            try {
                return open.apply(key);
            } catch (VaultException e) {
                first = first == null ? e : first;
            }
        }
        throw Objects.requireNonNull(first);
    }

    private String path(String name) {
        return ROOT + systemId + "/" + name;
    }

    private VaultException missing(String name) {
        return new VaultException(
                VaultProblem.MISSING, "object '" + name + "' of cluster " + systemId + " is missing from the vault");
    }
}
