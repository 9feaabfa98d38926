package dk.elleve.audit.checkpoint;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param every how often the newest checkpoint is anchored, at most
/// @param webhook where it is posted; nowhere if not given
/// @param timestamp who stamps it; nobody if not given
@Validated
@ConfigurationProperties("elleve.audit.second-anchor")
record SecondAnchorProperties(
        @DefaultValue("10m") Duration every,
        @Nullable @Valid Webhook webhook,
        @Nullable @Valid Timestamp timestamp) {

    /// @param url an HTTPS address that takes the signed note and answers 2xx
    /// @param token file with a bearer token; none if not given
    /// @param ca file with the certificates (PEM) that its certificate may be signed by; those the
    ///     JDK trusts if not given
    record Webhook(
            @NotNull URI url,
            @Nullable Path token,
            @Nullable Path ca) {

        Webhook {
            if (url != null && !"https".equals(url.getScheme())) {
                throw new IllegalArgumentException("elleve.audit.second-anchor.webhook.url is an https:// address");
            }
        }
    }

    /// @param url of a time stamping authority (RFC 3161 over HTTP); what it answers proves itself
    /// @param ca file with the certificates (PEM) that the authority's may be signed by
    record Timestamp(@NotNull URI url, @NotNull Path ca) {}

    SecondAnchorProperties {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("elleve.audit.second-anchor.every is longer than nothing");
        }
    }
}
