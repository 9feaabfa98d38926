package dk.elleve.backup.keyvault;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.keys.KeyServiceVersion;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyServiceVersion;
import com.azure.security.keyvault.keys.models.KeyProperties;
import dk.elleve.backup.vault.KeySource;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A key in a key vault: that version of it which is named, or all of them, the current one first.
final class KeyVault implements KeySource {

    /// Tries again what was throttled or did not answer, and waits as long as it is told to.
    private static final RetryOptions RETRY = new RetryOptions(new ExponentialBackoffOptions()
            .setMaxRetries(4)
            .setBaseDelay(Duration.ofMillis(200))
            .setMaxDelay(Duration.ofSeconds(5)));

    private final KeyId id;
    private final TokenCredential credential;
    private final HttpClient http;
    private final Clock clock;
    private final KeyClient keys;
    private final ConcurrentHashMap<KeyId, MasterKey> known = new ConcurrentHashMap<>();

    KeyVault(KeyId id, TokenCredential credential, HttpClient http, Clock clock) {
        this.id = id;
        this.credential = credential;
        this.http = http;
        this.clock = clock;
        this.keys = new KeyClientBuilder()
                .vaultUrl(id.vaultUrl())
                .credential(credential)
                .httpClient(http)
                .retryOptions(RETRY)
                .serviceVersion(KeyServiceVersion.V7_6)
                .buildClient();
    }

    @Override
    public List<MasterKey> keys() {
        if (id.version() != null) {
            return List.of(key(id));
        }
        var versions = versions();
        var current = Version.current(versions, clock.instant())
                .orElseThrow(() -> new VaultException(
                        VaultProblem.KEY_UNUSABLE,
                        "the master key " + id + " cannot be used: "
                                + (versions.isEmpty()
                                        ? "it is not there: deleted, or never made; what is deleted can be recovered"
                                                + " until it is purged"
                                        : "all of its " + versions.size() + " versions are disabled or expired")));
        return Stream.concat(Stream.of(current), versions.stream().filter(version -> !version.equals(current)))
                .map(version -> key(id.withVersion(version.name())))
                .toList();
    }

    private List<Version> versions() {
        return Answers.calling(id, () -> {
            var versions = new ArrayList<Version>();
            for (var each : keys.listPropertiesOfKeyVersions(id.key())) {
                versions.add(version(each));
            }
            return List.copyOf(versions);
        });
    }

    private static Version version(KeyProperties properties) {
        return new Version(
                properties.getVersion(),
                Boolean.TRUE.equals(properties.isEnabled()),
                properties.getCreatedOn().toInstant(),
                instant(properties.getNotBefore()),
                instant(properties.getExpiresOn()));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private MasterKey key(KeyId version) {
        return known.computeIfAbsent(
                version, each -> MasterKey.keptBy(new VaultKey(each, keys, cryptography(each)), clock));
    }

    /// Asks the key vault for everything: what it computed by itself with a copy of the public key would go on
    /// under a key that is disabled.
    private CryptographyClient cryptography(KeyId version) {
        return new CryptographyClientBuilder()
                .keyIdentifier(version.toString())
                .credential(credential)
                .httpClient(http)
                .retryOptions(RETRY)
                .serviceVersion(CryptographyServiceVersion.V7_6)
                .disableKeyCaching()
                .buildClient();
    }

    @Override
    public String toString() {
        return "key " + id;
    }
}
