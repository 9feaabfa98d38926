package dk.elleve.backup.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/// The data keys of one cluster. Each lies in the vault wrapped by a master key, or by several while it
/// passes from one to the next.
///
/// Nearly always an id stands for one key. Two processes with different current master keys that make
/// the key of the same day at the same moment make two of them; both stay, and an object opens under
/// the one it was written under.
final class DataKeys {

    private static final byte[] MAGIC = "ELVK1".getBytes(StandardCharsets.US_ASCII);
    private static final int FINGERPRINT = 16;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Looks at names that have gone again before they are believed.
    private static final int LOOKS = 3;

    /// What lies in the vault of one data key.
    ///
    /// @param destroyed the key is to be gone; whatever wrapping is still there is a remainder
    private record Held(List<Wrapping> wrappings, boolean destroyed) {}

    private final Vault vault;
    private final KeyRing masters;
    private final String systemId;
    private final String root;
    private final ConcurrentHashMap<String, List<DataKey>> known = new ConcurrentHashMap<>();

    /// @param root where the cluster lies in the vault
    DataKeys(Vault vault, KeyRing masters, String systemId, String root) {
        this.vault = vault;
        this.masters = masters;
        this.systemId = systemId;
        this.root = root;
    }

    /// Ids of the keys of which any wrapping is there, in the order of their characters.
    List<String> ids() {
        return all("").entrySet().stream()
                .filter(each -> !each.getValue().wrappings().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    KeyStatus status() {
        return KeyStatus.of(masters.current().fingerprint(), living().values());
    }

    /// Fails with [VaultProblem#WRONG_KEY] when there is a data key that none of the master keys opens, and
    /// with [VaultProblem#KEY_UNUSABLE] when one would that we may not use. Looks at names, and into one
    /// data key for each set of master keys that data keys are wrapped by.
    void unlock() {
        var all = living();
        var locked = all.values().stream()
                .filter(this::isLocked)
                .flatMap(List::stream)
                .toList();
        if (!locked.isEmpty()) {
            throw wrongKey(locked);
        }
        var seen = new HashSet<Set<String>>();
        all.forEach((id, wrappings) -> {
            var by = wrappings.stream()
                    .filter(this::isOurs)
                    .map(Wrapping::fingerprint)
                    .collect(Collectors.toSet());
            if (seen.add(by)) {
                load(id);
            }
        });
    }

    /// The key for new objects, which is made when it does not exist.
    DataKey forWriting(String keyId) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("'" + keyId + "' is no name for a data key");
        }
        var there = find(keyId);
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        if (held(keyId).destroyed()) {
            throw new VaultException(
                    VaultProblem.MISSING,
                    "data key '" + keyId + "' of cluster " + systemId + " was destroyed; its name is not used again");
        }
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        // The key is durable before anything is encrypted under it; whoever comes second uses the first one's.
        put(new DataKey(systemId, keyId, bytes), masters.current(), 0);
        return load(keyId).stream().findFirst().orElseThrow(() -> missing(keyId));
    }

    /// The keys an object with this key's name may be encrypted under; never empty.
    List<DataKey> forReading(String keyId) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "an object of cluster " + systemId + " names an impossible data key");
        }
        var there = find(keyId);
        if (there.isEmpty()) {
            throw missing(keyId);
        }
        return there;
    }

    /// Keys with this name that have come to the vault since it was last read.
    List<DataKey> news(String keyId) {
        var before = known.getOrDefault(keyId, List.of());
        return load(keyId).stream().filter(key -> !before.contains(key)).toList();
    }

    /// Durable with its first write; a rotation finishes what a crash leaves after that.
    void destroy(String keyId) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("'" + keyId + "' is no name for a data key");
        }
        // A rotation may be writing a new wrapping at this very moment. Either it finds this mark after its
        // writing, or we find what it has written.
        vault.putIfAbsent(root + Wrapping.destroyed(keyId), new byte[0]);
        @Nullable VaultException kept = null;
        for (var left = wrappings(keyId); !left.isEmpty() && kept == null; left = wrappings(keyId)) {
            for (var wrapping : left) {
                try {
                    vault.delete(root + wrapping.name());
                } catch (VaultException e) {
                    kept = immutable(e);
                }
            }
        }
        known.remove(keyId);
        if (kept != null) {
            throw kept;
        }
    }

    /// Wraps every data key by the current master key, and when all are, takes the other wrappings
    /// away. May be stopped anywhere and run again; any number of processes may run it at once, also
    /// towards different master keys: nobody takes away a wrapping without having read one of the same
    /// key with a higher rank, so that the one with the highest rank is always there.
    Rewrapped rewrap(RewrapProgress progress) {
        var refused = finishDestroying();
        var all = living();
        var needless = new ArrayList<Wrapping>();
        var written = 0;
        var complete = 0;
        for (var wrappings : all.values()) {
            var turned = turn(wrappings);
            needless.addAll(turned.needless());
            written += turned.written();
            complete += turned.complete() ? 1 : 0;
            progress.at(complete, all.size());
        }
        if (complete < all.size()) {
            return new Rewrapped(written, 0, refused, false);
        }
        // From here on the former master keys are not needed. A crash in between leaves wrappings for the
        // next run.
        var deleted = 0;
        for (var wrapping : needless) {
            try {
                vault.delete(root + wrapping.name());
                deleted++;
            } catch (VaultException e) {
                immutable(e);
                refused++;
            }
        }
        return new Rewrapped(written, deleted, refused, true);
    }

    private int finishDestroying() {
        var refused = 0;
        for (var each : all("").entrySet()) {
            if (each.getValue().destroyed() && !each.getValue().wrappings().isEmpty()) {
                try {
                    destroy(each.getKey());
                } catch (VaultException e) {
                    immutable(e);
                    refused++;
                }
            }
        }
        return refused;
    }

    /// The failure, when it is that the storage does not let go of an object; anything else is thrown
    /// on.
    private static VaultException immutable(VaultException e) {
        if (e.problem() != VaultProblem.IMMUTABLE) {
            throw e;
        }
        return e;
    }

    /// @param needless what a wrapping by the current master key with a higher rank has been read for
    private record Turned(int written, List<Wrapping> needless, boolean complete) {}

    private Turned turn(List<Wrapping> wrappings) {
        var needless = new ArrayList<Wrapping>();
        var written = 0;
        var opened = opened(wrappings);
        for (var each : opened.entrySet()) {
            var same = each.getValue();
            var highest =
                    same.stream().max(Comparator.comparingInt(Wrapping::rank)).orElseThrow();
            var settled = highest.fingerprint().equals(masters.current().fingerprint())
                    && same.stream()
                                    .filter(other -> other.rank() == highest.rank())
                                    .count()
                            == 1;
            if (settled) {
                same.stream().filter(other -> !other.equals(highest)).forEach(needless::add);
            } else if (replace(each.getKey(), highest.rank() + 1)) {
                written++;
                needless.addAll(same);
            } else {
                return new Turned(written, List.of(), false);
            }
        }
        // What no master key at hand opens may be another key of the same name: it stays, and is not spoken
        // for.
        return new Turned(written, needless, !opened.isEmpty());
    }

    /// Writes a wrapping by the current master key and reads it back; false when the key went
    /// meanwhile.
    private boolean replace(DataKey key, int fromRank) {
        var master = masters.current();
        for (var rank = fromRank; ; rank++) {
            var wrapping = Wrapping.of(key.id(), master.fingerprint(), rank);
            put(key, master, rank);
            if (held(key.id()).destroyed()) {
                // Between our reading of the key and our writing: it must not come back by us.
                vault.delete(root + wrapping.name());
                return false;
            }
            var back = open(wrapping);
            if (back.isEmpty() || back.get().equals(key)) {
                return back.isPresent();
            }
            // The name is taken by another key of the same id.
        }
    }

    private boolean put(DataKey key, MasterKey master, int rank) {
        var wrapped = master.wrap(key.bytes(), context(key.id()));
        var object = ByteBuffer.allocate(MAGIC.length + FINGERPRINT + wrapped.length)
                .put(MAGIC)
                .put(master.fingerprint().getBytes(StandardCharsets.US_ASCII))
                .put(wrapped)
                .array();
        var name = Wrapping.of(key.id(), master.fingerprint(), rank).name();
        return vault.putIfAbsent(root + name, object);
    }

    private List<DataKey> find(String keyId) {
        var keys = known.get(keyId);
        return keys != null ? keys : load(keyId);
    }

    private List<DataKey> load(String keyId) {
        for (var look = 0; look < LOOKS; look++) {
            var wrappings = wrappings(keyId);
            if (wrappings.isEmpty()) {
                return List.of();
            }
            if (isLocked(wrappings)) {
                throw wrongKey(wrappings);
            }
            var keys = List.copyOf(opened(wrappings).keySet());
            if (!keys.isEmpty()) {
                known.put(keyId, keys);
                return keys;
            }
            // All that we had the names of went to a rotation before we came to read them: there are newer
            // ones.
        }
        return List.of();
    }

    /// The keys behind wrappings of one id, the current master key's first, each with the wrappings of
    /// it that were read. A damaged one does no harm when there is a whole one, nor does one whose master
    /// key may not be used when another opens.
    private SequencedMap<DataKey, List<Wrapping>> opened(List<Wrapping> wrappings) {
        var keys = new LinkedHashMap<DataKey, List<Wrapping>>();
        @Nullable VaultException failed = null;
        var order = masters.fingerprints();
        var preferred = wrappings.stream()
                .filter(this::isOurs)
                .sorted(Comparator.comparingInt((Wrapping each) -> order.indexOf(each.fingerprint()))
                        .thenComparing(Comparator.comparingInt(Wrapping::rank).reversed()))
                .toList();
        for (var wrapping : preferred) {
            try {
                open(wrapping)
                        .ifPresent(key -> keys.computeIfAbsent(key, each -> new ArrayList<>())
                                .add(wrapping));
            } catch (VaultException e) {
                if (e.problem() != VaultProblem.DAMAGED && e.problem() != VaultProblem.KEY_UNUSABLE) {
                    throw e;
                }
                failed = e;
            }
        }
        if (keys.isEmpty() && failed != null) {
            throw failed;
        }
        return keys;
    }

    private Optional<DataKey> open(Wrapping wrapping) {
        return vault.get(root + wrapping.name()).map(object -> {
            if (!fingerprint(wrapping.name(), object).equals(wrapping.fingerprint())) {
                throw damaged(wrapping.name(), "it is wrapped by another master key than its name says", null);
            }
            var master = masters.find(wrapping.fingerprint()).orElseThrow();
            var wrapped = Arrays.copyOfRange(object, MAGIC.length + FINGERPRINT, object.length);
            try {
                return new DataKey(systemId, wrapping.keyId(), master.unwrap(wrapped, context(wrapping.keyId())));
            } catch (AEADBadTagException e) {
                throw damaged(wrapping.name(), "it does not authenticate", e);
            } catch (VaultException e) {
                throw new VaultException(
                        e.problem(), "data key '" + wrapping.keyId() + "' cannot be opened: " + e.getMessage(), e);
            }
        });
    }

    private static String fingerprint(String name, byte[] object) {
        if (object.length < MAGIC.length + FINGERPRINT
                || !Arrays.equals(object, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw damaged(name, "it does not begin as a wrapped key", null);
        }
        return new String(object, MAGIC.length, FINGERPRINT, StandardCharsets.US_ASCII);
    }

    /// Looks at the master keys once more before it says so: another process may have heard of a new version
    /// a moment earlier, and wrapped by it.
    private boolean isLocked(List<Wrapping> wrappings) {
        if (wrappings.stream().anyMatch(this::isOurs)) {
            return false;
        }
        masters.look();
        return wrappings.stream().noneMatch(this::isOurs);
    }

    private boolean isOurs(Wrapping wrapping) {
        return masters.find(wrapping.fingerprint()).isPresent();
    }

    private List<Wrapping> wrappings(String keyId) {
        return held(keyId).wrappings();
    }

    private Map<String, List<Wrapping>> living() {
        var living = new TreeMap<String, List<Wrapping>>();
        all("").forEach((id, held) -> {
            if (!held.destroyed()) {
                living.put(id, held.wrappings());
            }
        });
        return living;
    }

    private Held held(String keyId) {
        return all(keyId).getOrDefault(keyId, new Held(List.of(), false));
    }

    private Map<String, Held> all(String prefix) {
        var wrappings = new TreeMap<String, List<Wrapping>>();
        var destroyed = new TreeSet<String>();
        for (var path : vault.list(root + Wrapping.FOLDER + prefix)) {
            var name = path.substring(root.length());
            var keyId = Wrapping.keyId(name);
            var found = wrappings.computeIfAbsent(keyId, id -> new ArrayList<>());
            if (name.equals(Wrapping.destroyed(keyId))) {
                destroyed.add(keyId);
            } else if (Wrapping.isPlain(name)) {
                vault.get(path)
                        .map(object -> Wrapping.plain(keyId, fingerprint(name, object)))
                        .ifPresent(found::add);
            } else {
                found.add(Wrapping.parse(name));
            }
        }
        var held = new TreeMap<String, Held>();
        wrappings.forEach((id, found) -> held.put(id, new Held(List.copyOf(found), destroyed.contains(id))));
        return held;
    }

    private String context(String keyId) {
        return "elleve data key\n" + systemId + "\n" + keyId;
    }

    private VaultException wrongKey(List<Wrapping> locked) {
        var theirs = new TreeMap<String, Wrapping>();
        locked.forEach(wrapping -> theirs.putIfAbsent(wrapping.fingerprint(), wrapping));
        var named = theirs.values().stream().map(this::masterOf).collect(Collectors.joining(", "));
        var missing = masters.missing().isEmpty() ? "" : "; " + String.join("; ", masters.missing());
        return new VaultException(
                VaultProblem.WRONG_KEY,
                "the backups of cluster " + systemId + " are encrypted under master key " + named
                        + ", but the key given is " + String.join(", ", masters.fingerprints()) + missing);
    }

    /// The fingerprint, and where the key is kept elsewhere, which one it is: whoever has to find it again
    /// needs its name.
    private String masterOf(Wrapping wrapping) {
        return wrapping.fingerprint()
                + vault.get(root + wrapping.name())
                        .filter(object -> object.length > MAGIC.length + FINGERPRINT)
                        .map(object -> Arrays.copyOfRange(object, MAGIC.length + FINGERPRINT, object.length))
                        .flatMap(KeptKey::idIn)
                        .map(id -> " (" + id + ")")
                        .orElse("");
    }

    private VaultException missing(String keyId) {
        return new VaultException(
                VaultProblem.MISSING,
                "object '" + Wrapping.FOLDER + keyId + "' of cluster " + systemId + " is missing from the vault");
    }

    private static VaultException damaged(String name, String how, @Nullable Throwable cause) {
        return new VaultException(VaultProblem.DAMAGED, "object '" + name + "' is damaged: " + how, cause);
    }
}
