package dk.elleve.backup.keyvault;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who we are for Azure, by the variables that Azure itself uses. What is said most plainly counts: a secret,
/// then a token that Kubernetes gives us, then the identity of the machine.
sealed interface Login {

    /// Little: who calls the key vault tries again, and each time signs in where that has not succeeded yet.
    RetryOptions RETRY = new RetryOptions(new ExponentialBackoffOptions()
            .setMaxRetries(1)
            .setBaseDelay(Duration.ofMillis(200))
            .setMaxDelay(Duration.ofSeconds(2)));

    /// A person or a service with a secret of its own.
    record Secret(String tenant, String client, String secret) implements Login {

        @Override
        public String toString() {
            return "Secret[tenant=" + tenant + ", client=" + client + ", secret=***]";
        }
    }

    /// A pod whose account is federated with an identity of Azure.
    record Workload(String tenant, String client, String tokenFile) implements Login {}

    /// Whatever identity the machine has been given.
    ///
    /// @param client which of them, when there are several
    record Machine(@Nullable String client) implements Login {}

    /// @throws IllegalArgumentException naming what is missing
    static Login of(Map<String, String> environment) {
        if (environment.containsKey("AZURE_CLIENT_SECRET")) {
            return new Secret(
                    needed(environment, "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"),
                    needed(environment, "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"),
                    environment.get("AZURE_CLIENT_SECRET").strip());
        }
        if (environment.containsKey("AZURE_FEDERATED_TOKEN_FILE")) {
            return new Workload(
                    needed(environment, "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
                    needed(environment, "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
                    environment.get("AZURE_FEDERATED_TOKEN_FILE"));
        }
        return new Machine(environment.get("AZURE_CLIENT_ID"));
    }

    private static String needed(Map<String, String> environment, String name, String because) {
        var value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(because + " is set, and " + name + " is not; both are needed");
        }
        return value.strip();
    }

    default TokenCredential credential(HttpClient http) {
        return switch (this) {
            case Secret it ->
                new ClientSecretCredentialBuilder()
                        .httpClient(http)
                        .retryOptions(RETRY)
                        .tenantId(it.tenant())
                        .clientId(it.client())
                        .clientSecret(it.secret())
                        .build();
            case Workload it ->
                new WorkloadIdentityCredentialBuilder()
                        .httpClient(http)
                        .retryOptions(RETRY)
                        .tenantId(it.tenant())
                        .clientId(it.client())
                        .tokenFilePath(it.tokenFile())
                        .build();
            case Machine it -> {
                var builder = new ManagedIdentityCredentialBuilder().httpClient(http);
                if (it.client() != null) {
                    builder.clientId(it.client());
                }
                yield builder.build();
            }
        };
    }
}
