package dk.elleve.backup;

import dk.elleve.backup.keyvault.KeyVaults;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Signing;
import dk.elleve.backup.wal.WalSettings;
import dk.elleve.backup.wire.WireSettings;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// @param wire where the cluster is
/// @param container the blob container that is the vault
/// @param wal how WAL is shipped
/// @param manifestKey Ed25519 signer key (`PRIVATE+KEY+name+hash+base64`) that signs backups; a secret. With it, or
///     with `trustedManifestKeys`, backups that are not signed are refused
/// @param trustedManifestKeys further keys whose signatures count (`name+hash+base64`), as former ones
/// @param signedSince backups that were complete before need not be signed
/// @param masterKeyId names a key in Azure Key Vault, `https://NAME.vault.azure.net/keys/KEY`, perhaps with
///     `/VERSION` behind; takes the place of `elleve.master-key` for the backups. Without a version the
///     current one is meant, whichever that comes to be
/// @param formerMasterKeys master keys that were current before, each as the Base64 of 32 bytes, a secret, or
///     as the id of one in Azure Key Vault. With any of them given, what they wrap is wrapped again by
///     the current one
@Validated
@ConfigurationProperties("elleve.backup")
record EngineProperties(
        Wire wire,
        @DefaultValue("backups") @NotBlank String container,
        @DefaultValue Wal wal,
        @Nullable String manifestKey,
        @DefaultValue List<String> trustedManifestKeys,
        @Nullable Instant signedSince,
        @Nullable String masterKeyId,
        @DefaultValue List<String> formerMasterKeys) {

    EngineProperties {
        trustedManifestKeys = List.copyOf(trustedManifestKeys);
        formerMasterKeys = List.copyOf(formerMasterKeys);
    }

    /// Throws [dk.elleve.backup.vault.VaultException] when one of them is none; asks no key vault yet.
    ///
    /// @param given what counts when no key vault is named
    KeyRing keyRing(String given, KeyVaults keyVaults) {
        var former = formerMasterKeys.stream().map(keyVaults::source).toList();
        return KeyRing.ofSources(masterKeyId == null ? keyVaults.source(given) : keyVaults.key(masterKeyId), former);
    }

    /// Whether any master key, also a former one, is kept in a key vault.
    boolean namesKeyVault() {
        return masterKeyId != null || formerMasterKeys.stream().anyMatch(KeyVaults::isId);
    }

    /// Throws [IllegalArgumentException] when a key is none.
    Signing signing() {
        return Signing.of(manifestKey, trustedManifestKeys, signedSince);
    }

    @Override
    public String toString() {
        return "EngineProperties[wire=" + wire + ", container=" + container + ", wal=" + wal + ", " + signing()
                + ", masterKeyId=" + masterKeyId + ", formerMasterKeys=" + formerMasterKeys.size() + " (***)]";
    }

    /// @param host the server's name or address
    /// @param port the server's port
    /// @param user a role with `LOGIN REPLICATION`; for drills also with `pg_read_all_data` and `BYPASSRLS`
    /// @param password its password; a secret
    /// @param sslMode as in libpq: `disable`, `require`, `verify-ca` or `verify-full`
    /// @param sslRootCertificate file of the authority that signed the server's certificate
    /// @param deadline how long the server may be silent before the line counts as broken
    record Wire(
            @NotBlank String host,
            @DefaultValue("5432") int port,
            @NotBlank String user,
            @NotBlank String password,
            @DefaultValue("disable") String sslMode,
            @Nullable String sslRootCertificate,
            @DefaultValue("1m") Duration deadline) {

        WireSettings settings() {
            return new WireSettings(host, port, user, password.strip(), sslMode, sslRootCertificate, deadline);
        }

        @Override
        public String toString() {
            return settings().toString();
        }
    }

    /// @param slot name of the permanent physical slot
    /// @param partAge a byte that has waited this long is shipped
    /// @param partSize so many bytes wait for about a second only
    /// @param retryAfter pause before the next attempt after a failure
    record Wal(
            @DefaultValue("elleve_backup") String slot,
            @DefaultValue("5s") Duration partAge,
            @DefaultValue("1MB") DataSize partSize,
            @DefaultValue("5s") Duration retryAfter) {

        WalSettings settings() {
            return new WalSettings(slot, partAge, Math.toIntExact(partSize.toBytes()), retryAfter);
        }
    }
}
