package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.Content;
import dk.elleve.backup.vault.Signing;
import dk.elleve.backup.vault.Stretch;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The base backups of one cluster in the vault: `base/<id>/pack-…`, `base/<id>/index-…` and, last,
/// `base/<id>/manifest`. Ids begin with the moment they were given, so that their order is that of
/// time.
public final class Backups {

    private static final String ROOT = "base/";
    private static final String MANIFEST = "/manifest";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ClusterVault vault;

    public Backups(ClusterVault vault) {
        this.vault = vault;
    }

    /// Ids of the complete backups, oldest first.
    public List<String> ids() {
        return vault.list(ROOT).stream()
                .filter(name -> name.endsWith(MANIFEST))
                .map(Backups::id)
                .sorted()
                .toList();
    }

    /// The complete backups, oldest first.
    public List<Manifest> all() {
        return ids().stream().map(this::manifest).toList();
    }

    public Optional<Manifest> newest() {
        var ids = ids();
        return ids.isEmpty() ? Optional.empty() : Optional.of(manifest(ids.getLast()));
    }

    /// The newest full backup, on which the next incremental one can stand.
    public Optional<Manifest> newestFull() {
        var ids = ids().stream().filter(BaseBackup::isFull).toList();
        return ids.isEmpty() ? Optional.empty() : Optional.of(manifest(ids.getLast()));
    }

    /// The full backup in whose packs unchanged blocks lie; empty for a full one. Fails when it is
    /// gone.
    public Optional<Manifest> base(Manifest manifest) {
        return Optional.ofNullable(manifest.base()).map(this::manifest);
    }

    /// Fails with [VaultProblem#NOT_SIGNED] when none of those whose word counts has signed it.
    public Manifest manifest(String id) {
        var name = ROOT + id + MANIFEST;
        try {
            var stored = vault.get(name);
            var manifest = JSON.readValue(Signing.statement(stored), Manifest.class);
            if (manifest.format() != Manifest.FORMAT
                    || !manifest.id().equals(id)
                    || !manifest.systemId().equals(vault.systemId())) {
                throw new VaultException(
                        VaultProblem.DAMAGED, "manifest '" + name + "' does not describe backup " + id);
            }
            vault.signing().require(vault.systemId(), name, stored, manifest.finishedAt());
            return manifest;
        } catch (JacksonException e) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "manifest '" + name + "' authenticates but does not parse", e);
        }
    }

    /// SHA-256 of a manifest, in hexadecimal: written down elsewhere it proves later that the backup is
    /// still the one that was taken, even against somebody who has the master key.
    public String digest(String id) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(vault.get(ROOT + id + MANIFEST)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }

    /// Who has signed a backup's manifest; empty where nobody's signature is asked for.
    public Optional<String> signer(Manifest manifest) {
        var name = ROOT + manifest.id() + MANIFEST;
        return vault.signing().require(vault.systemId(), name, vault.get(name), manifest.finishedAt());
    }

    /// Every file and folder of a backup.
    public List<Entry> entries(Manifest manifest) {
        var entries = new ArrayList<Entry>();
        for (var part : manifest.index()) {
            entries.addAll(
                    Index.read(part.name(), vault.get(part.name(), part.seal())).entries());
        }
        return entries;
    }

    /// Names the first object of the backup, or of the one it stands on, that is not in the vault.
    /// Looks at names only.
    public Optional<String> missing(Manifest manifest) {
        var present = Set.copyOf(vault.list(ROOT + manifest.id() + "/"));
        var gone = manifest.objects().stream()
                .filter(name -> !present.contains(name))
                .findFirst();
        return gone.isPresent() ? gone : base(manifest).flatMap(this::missing);
    }

    /// Reads a pack and checks that it is the very one the manifest means.
    public void read(Manifest manifest, Pack pack, Content content) {
        var name = packName(manifest.id(), pack.number());
        if (vault.read(name, pack.seal(), content) != pack.bytes()) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "object '" + name + "' is damaged: its length is not the recorded one");
        }
    }

    /// Reads at least some chunks of a pack, and checks that it is the very one the manifest means.
    ///
    /// @param wanted numbers of chunks of [Stretch#CHUNK] bytes of content
    public void read(Manifest manifest, Pack pack, BitSet wanted, Content content) {
        var stretches = Stretch.of(pack.chunks(), wanted);
        if (stretches.isEmpty()) {
            read(manifest, pack, content);
        } else {
            vault.read(
                    manifest.id(),
                    packName(manifest.id(), pack.number()),
                    pack.seal(),
                    pack.bytes(),
                    pack.chunks(),
                    stretches,
                    content);
        }
    }

    /// What an attempt at a backup that was broken off has left, to go on from.
    ///
    /// @param packs the packs that entries refer to
    /// @param entries files of which every block is durable
    /// @param lastPack the highest number of a pack of it
    /// @param lastPart the highest number of a part of its index
    record Attempt(List<Pack> packs, List<Entry> entries, int lastPack, int lastPart) {}

    Attempt attempt(String id) {
        var names = vault.list(ROOT + id + "/");
        var packs = new ArrayList<Pack>();
        var entries = new ArrayList<Entry>();
        for (var name : names) {
            if (name.startsWith(ROOT + id + "/index-")) {
                var part = Index.read(name, vault.get(name));
                packs.addAll(part.packs());
                entries.addAll(part.entries());
            }
        }
        return new Attempt(packs, entries, highest(names, "/pack-"), highest(names, "/index-"));
    }

    private static int highest(List<String> names, String what) {
        return names.stream()
                .filter(name -> name.contains(what))
                .mapToInt(name -> Integer.parseInt(name, name.length() - 6, name.length(), 10))
                .max()
                .orElse(0);
    }

    /// Removes what runs that died have left: everything of a backup without a manifest. No other run
    /// may be under way.
    ///
    /// @param but the run that is going on
    /// @return the ids that were cleared away
    public List<String> sweep(@Nullable String but) {
        var names = vault.list(ROOT);
        var complete = names.stream()
                .filter(name -> name.endsWith(MANIFEST))
                .map(Backups::id)
                .collect(Collectors.toCollection(HashSet::new));
        if (but != null) {
            complete.add(but);
        }
        var remains =
                names.stream().filter(name -> !complete.contains(id(name))).toList();
        remains.forEach(this::deleteIfAllowed);
        var dead = remains.stream().map(Backups::id).distinct().toList();
        // A run may have died before its first pack, with nothing but a key to its name.
        vault.keyIds().stream()
                .filter(key -> BaseBackup.isId(key) && !complete.contains(key))
                .forEach(this::destroyIfAllowed);
        return dead;
    }

    /// A container under an immutability policy keeps what it has until its day comes; until then it
    /// lies there in vain.
    private void deleteIfAllowed(String name) {
        tolerating(() -> vault.delete(name));
    }

    private void destroyIfAllowed(String key) {
        tolerating(() -> vault.destroyKey(key));
    }

    private static void tolerating(Runnable deletion) {
        try {
            deletion.run();
        } catch (VaultException e) {
            if (e.problem() != VaultProblem.IMMUTABLE) {
                throw e;
            }
        }
    }

    /// Removes packs and parts of earlier attempts at a backup that its last one did not take over.
    void tidy(Manifest manifest) {
        var kept = Set.copyOf(manifest.objects());
        vault.list(ROOT + manifest.id() + "/").stream()
                .filter(name -> !kept.contains(name) && !name.endsWith(MANIFEST))
                .forEach(this::deleteIfAllowed);
    }

    /// Removes what an attempt has left, and goes on behind its numbers: a container under an
    /// immutability policy may keep the objects. The key stays, since the name of one that was
    /// destroyed is not used again.
    Attempt startAgain(String id) {
        var names = vault.list(ROOT + id + "/");
        names.forEach(this::deleteIfAllowed);
        return new Attempt(List.of(), List.of(), highest(names, "/pack-"), highest(names, "/index-"));
    }

    /// Removes a backup: from the first deletion on it is none, and what a crash leaves is swept. The
    /// backups that stand on it must be gone.
    public void remove(String id) {
        vault.delete(ROOT + id + MANIFEST);
        vault.list(ROOT + id + "/").forEach(vault::delete);
        vault.destroyKey(id);
    }

    public static String packName(String id, int number) {
        return ROOT + id + String.format("/pack-%06d", number);
    }

    static String partName(String id, int number) {
        return ROOT + id + String.format("/index-%06d", number);
    }

    void complete(Manifest manifest) {
        var name = ROOT + manifest.id() + MANIFEST;
        var signed = vault.signing().sign(vault.systemId(), name, JSON.writeValueAsBytes(manifest));
        vault.putSame(manifest.id(), name, signed, 0, signed.length);
    }

    private static String id(String name) {
        return name.substring(ROOT.length(), name.indexOf('/', ROOT.length()));
    }
}
