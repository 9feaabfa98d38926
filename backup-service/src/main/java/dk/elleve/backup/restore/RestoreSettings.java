package dk.elleve.backup.restore;

import dk.elleve.backup.keyvault.KeyVaults;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Signing;
import dk.elleve.backup.vault.Vault;
import dk.elleve.kit.blob.AzureBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the restore program is told by its settings file. Secrets are named by file, never written down here.
final class RestoreSettings {

    static final String CONNECTION_STRING_FILE = "elleve.blob.connection-string-file";
    static final String MASTER_KEY_FILE = "elleve.master-key-file";
    static final String MASTER_KEY_ID = "elleve.backup.master-key-id";
    static final String FORMER_MASTER_KEY_FILES = "elleve.former-master-key-files";
    static final String CONTAINER = "elleve.backup.container";
    static final String VAULT_FOLDER = "elleve.backup.vault-folder";
    static final String MANIFEST_KEYS = "elleve.backup.trusted-manifest-keys";
    static final String SIGNED_SINCE = "elleve.backup.signed-since";
    static final String PROGRAMS = "elleve.backup.postgres.programs";

    private static final Set<String> KNOWN = Set.of(
            CONNECTION_STRING_FILE,
            MASTER_KEY_FILE,
            MASTER_KEY_ID,
            FORMER_MASTER_KEY_FILES,
            CONTAINER,
            VAULT_FOLDER,
            MANIFEST_KEYS,
            SIGNED_SINCE,
            PROGRAMS);

    private final Path file;
    private final Properties values;

    private RestoreSettings(Path file, Properties values) {
        this.file = file;
        this.values = values;
    }

    static RestoreSettings read(Path file) {
        var values = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            values.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("the settings file " + file + " cannot be read: " + e, e);
        }
        var unknown = new TreeSet<>(values.stringPropertyNames());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the settings file " + file + " holds unknown settings " + unknown
                    + "; known are " + new TreeSet<>(KNOWN));
        }
        return new RestoreSettings(file, values);
    }

    Vault vault() {
        var folder = values.getProperty(VAULT_FOLDER);
        if (folder != null) {
            return new FolderVault(relative(folder));
        }
        return new BlobVault(
                new AzureBlobStore(secret(CONNECTION_STRING_FILE)), values.getProperty(CONTAINER, "backups"));
    }

    /// The master key, and former ones for what a rotation has not come to. Each lies in a file of its own or
    /// is named where it is kept; nobody is asked for it yet.
    KeyRing masterKeys(KeyVaults keyVaults) {
        @Nullable String id = values.getProperty(MASTER_KEY_ID);
        if (id != null && values.getProperty(MASTER_KEY_FILE) != null) {
            throw new IllegalArgumentException("the settings file " + file + " has both " + MASTER_KEY_FILE + " and "
                    + MASTER_KEY_ID + "; the one that was before goes to " + FORMER_MASTER_KEY_FILES);
        }
        var former = list(FORMER_MASTER_KEY_FILES)
                .map(name -> keyVaults.source(KeyVaults.isId(name) ? name : secret(FORMER_MASTER_KEY_FILES, name)))
                .toList();
        return KeyRing.ofSources(id != null ? keyVaults.key(id) : keyVaults.source(secret(MASTER_KEY_FILE)), former);
    }

    /// Whose signatures below backups count; with none named, backups are taken as they are.
    Signing signing() {
        @Nullable String since = values.getProperty(SIGNED_SINCE);
        try {
            return Signing.of(null, list(MANIFEST_KEYS).toList(), since == null ? null : Instant.parse(since.strip()));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(SIGNED_SINCE + " is no moment like 2026-11-29T00:00:00Z: " + since, e);
        }
    }

    private Stream<String> list(String setting) {
        return Stream.of(values.getProperty(setting, "").split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty());
    }

    Optional<Path> programs() {
        return Optional.ofNullable(values.getProperty(PROGRAMS)).map(this::relative);
    }

    private String secret(String setting) {
        @Nullable String name = values.getProperty(setting);
        if (name == null) {
            throw new IllegalArgumentException("the settings file " + file + " lacks " + setting
                    + (setting.equals(MASTER_KEY_FILE) ? " or " + MASTER_KEY_ID : ""));
        }
        return secret(setting, name);
    }

    private String secret(String setting, String name) {
        try {
            return Files.readString(relative(name)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("the file named by " + setting + " cannot be read: " + e, e);
        }
    }

    private Path relative(String name) {
        return file.toAbsolutePath().resolveSibling(name).normalize();
    }
}
