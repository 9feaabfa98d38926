package dk.elleve.backup.keyvault;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tells a key vault that says no from one that says nothing.
final class Answers {

    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([A-Za-z]{1,60})\"");

    private Answers() {}

    static <T> T calling(KeyId key, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw failure(key, e);
        }
    }

    /// What is thrown carries none of what was sent or received: only names, codes and a status.
    static VaultException failure(KeyId key, RuntimeException e) {
        if (e instanceof VaultException known) {
            return known;
        }
        if (find(e, MsalServiceException.class) instanceof MsalServiceException refused
                && refused.statusCode() != null) {
            return isTransient(refused.statusCode())
                    ? unreachable(key, "Azure's sign-in answers " + refused.statusCode(), e)
                    : unusable(key, "Azure's sign-in refuses us: " + refused.errorCode(), e);
        }
        if (find(e, CredentialUnavailableException.class) != null) {
            return unusable(
                    key,
                    "there is no identity to sign in with (AZURE_TENANT_ID, AZURE_CLIENT_ID and"
                            + " AZURE_CLIENT_SECRET, a workload identity, or the machine's)",
                    e);
        }
        if (find(e, HttpResponseException.class) instanceof HttpResponseException answer
                && answer.getResponse() != null) {
            var status = answer.getResponse().getStatusCode();
            return isTransient(status)
                    ? unreachable(key, "it answers " + status + code(answer), e)
                    : unusable(key, reason(status, answer) + code(answer), e);
        }
        if (find(e, IOException.class) instanceof IOException away) {
            return unreachable(key, away.getClass().getSimpleName(), e);
        }
        if (find(e, TimeoutException.class) != null) {
            return unreachable(key, "no answer in time", e);
        }
        if (find(e, ClientAuthenticationException.class) != null || find(e, MsalException.class) != null) {
            return unusable(key, "Azure's sign-in refuses us", e);
        }
        return unreachable(key, e.getClass().getSimpleName(), e);
    }

    static int status(RuntimeException e) {
        return find(e, HttpResponseException.class) instanceof HttpResponseException answer
                        && answer.getResponse() != null
                ? answer.getResponse().getStatusCode()
                : 0;
    }

    private static String reason(int status, HttpResponseException answer) {
        return switch (status) {
            case 401 -> "it does not take our word for who we are";
            case 403 ->
                codes(answer).contains("KeyDisabled") || codes(answer).contains("KeyExpired")
                        ? "this version is disabled or expired; it can be enabled again"
                        : "we may not use it (role Key Vault Crypto User, and the vault's firewall)";
            case 404 -> "it is not there: deleted, or never made; what is deleted can be recovered until it is purged";
            default -> "it answers " + status;
        };
    }

    private static String codes(HttpResponseException answer) {
        return String.join(
                "/",
                CODE.matcher(String.valueOf(answer.getMessage()))
                        .results()
                        .map(found -> found.group(1))
                        .toList());
    }

    private static String code(HttpResponseException answer) {
        var codes = codes(answer);
        return codes.isEmpty() ? "" : " [" + codes + "]";
    }

    private static boolean isTransient(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private static VaultException unreachable(KeyId key, String how, RuntimeException e) {
        return new VaultException(
                VaultProblem.UNREACHABLE, "the key vault with the master key " + key + " is out of reach: " + how, e);
    }

    private static VaultException unusable(KeyId key, String why, RuntimeException e) {
        return new VaultException(VaultProblem.KEY_UNUSABLE, "the master key " + key + " cannot be used: " + why, e);
    }

    private static @Nullable Throwable find(Throwable e, Class<? extends Throwable> type) {
        return Stream.iterate(e, each -> each != null, Throwable::getCause)
                .limit(20)
                .flatMap(each -> Stream.concat(Stream.of(each), Stream.of(each.getSuppressed())))
                .filter(type::isInstance)
                .findFirst()
                .orElse(null);
    }
}
