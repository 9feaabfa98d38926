package dk.elleve.backup.keyvault;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import dk.elleve.backup.vault.KeySource;
import dk.elleve.backup.vault.MasterKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where master keys are found by what the settings say of them: by their bytes, or by their id in a key vault.
/// Nobody is asked before a key is needed, and where no key vault is named nobody signs in anywhere.
public final class KeyVaults {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Supplier<HttpClient> client;
    private final Function<HttpClient, TokenCredential> login;
    private final Clock clock;
    private @Nullable HttpClient http;
    private @Nullable TokenCredential credential;

    private KeyVaults(Supplier<HttpClient> client, Function<HttpClient, TokenCredential> login, Clock clock) {
        this.client = client;
        this.login = login;
        this.clock = clock;
    }

    /// Signs in as the environment's variables say: `AZURE_CLIENT_SECRET` with `AZURE_TENANT_ID` and
    /// `AZURE_CLIENT_ID`; a workload identity; or the identity of the machine.
    public static KeyVaults of(Map<String, String> environment, Clock clock) {
        return of(environment, KeyVaults::http, clock);
    }

    /// @param client speaks HTTP, for key vaults and for signing in
    static KeyVaults of(Map<String, String> environment, Supplier<HttpClient> client, Clock clock) {
        return new KeyVaults(client, http -> Login.of(environment).credential(http), clock);
    }

    /// Whether a setting names a key vault's key; else it holds a key.
    public static boolean isId(String setting) {
        return setting.strip().contains("://");
    }

    /// The key that a setting names or holds.
    ///
    /// @throws IllegalArgumentException when it names one in a wrong way, or when we cannot be anybody
    public KeySource source(String setting) {
        if (isId(setting)) {
            return key(KeyId.parse(setting));
        }
        var given = MasterKey.fromBase64(setting);
        return () -> List.of(given);
    }

    /// @param id `https://NAME.vault.azure.net/keys/KEY`, or with `/VERSION` behind
    /// @throws IllegalArgumentException when it is none, or when we cannot be anybody
    public KeySource key(String id) {
        return key(KeyId.parse(id));
    }

    private synchronized KeySource key(KeyId id) {
        var speaks = http;
        if (speaks == null) {
            speaks = client.get();
            http = speaks;
        }
        var signsIn = credential;
        if (signsIn == null) {
            signsIn = login.apply(speaks);
            credential = signsIn;
        }
        return new KeyVault(id, signsIn, speaks, clock);
    }

    private static HttpClient http() {
        return new JdkHttpClientBuilder()
                .connectionTimeout(CONNECT)
                .responseTimeout(ANSWER)
                .readTimeout(ANSWER)
                .build();
    }
}
