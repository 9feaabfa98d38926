package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The base backups of one cluster in the vault: `base/<id>/pack-…` and, last, `base/<id>/manifest`.
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

    public Manifest manifest(String id) {
        var name = ROOT + id + MANIFEST;
        try {
            var manifest = JSON.readValue(vault.get(name), Manifest.class);
            if (manifest.format() != Manifest.FORMAT
                    || !manifest.id().equals(id)
                    || !manifest.systemId().equals(vault.systemId())) {
                throw new VaultException(
                        VaultProblem.DAMAGED, "manifest '" + name + "' does not describe backup " + id);
            }
            return manifest;
        } catch (JacksonException e) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "manifest '" + name + "' authenticates but does not parse", e);
        }
    }

    /// Names the first pack of the manifest that is not in the vault. Looks at names only.
    public Optional<String> missingPack(Manifest manifest) {
        var present = vault.list(ROOT + manifest.id() + "/").stream().collect(Collectors.toSet());
        return manifest.archives().stream()
                .flatMap(archive -> archive.packs().stream())
                .map(Pack::name)
                .filter(name -> !present.contains(name))
                .findFirst();
    }

    /// Reads a pack and checks that it is the very one the manifest means.
    public byte[] read(Pack pack) {
        var content = vault.get(pack.name(), pack.seal());
        if (content.length != pack.bytes()) {
            throw new VaultException(
                    VaultProblem.DAMAGED,
                    "object '" + pack.name() + "' is damaged: its length is not the recorded one");
        }
        return content;
    }

    /// Removes what runs that died have left: everything of a backup without a manifest. No run may be under
    /// way.
    ///
    /// @return the ids that were cleared away
    public List<String> sweep() {
        var names = vault.list(ROOT);
        var complete = names.stream()
                .filter(name -> name.endsWith(MANIFEST))
                .map(Backups::id)
                .collect(Collectors.toSet());
        var remains =
                names.stream().filter(name -> !complete.contains(id(name))).toList();
        remains.forEach(vault::delete);
        var dead = remains.stream().map(Backups::id).distinct().toList();
        // A run may have died before its first pack, with nothing but a key to its name.
        vault.keyIds().stream()
                .filter(key -> key.startsWith(FullBackup.ID_PREFIX) && !complete.contains(key))
                .forEach(vault::destroyKey);
        return dead;
    }

    static String packName(String id, int number) {
        return ROOT + id + String.format("/pack-%06d", number);
    }

    void complete(Manifest manifest) {
        var json = JSON.writeValueAsBytes(manifest);
        vault.putSame(manifest.id(), ROOT + manifest.id() + MANIFEST, json, 0, json.length);
    }

    private static String id(String name) {
        return name.substring(ROOT.length(), name.indexOf('/', ROOT.length()));
    }
}
