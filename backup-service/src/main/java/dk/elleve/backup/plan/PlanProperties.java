package dk.elleve.backup.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param fullEvery a full backup is due when the newest one has begun so long ago
/// @param walLimit no WAL may be older than this outside the vault
/// @param retryAfter pause after a run that failed
/// @param region where the vault lies, shown with its state
@ConfigurationProperties("elleve.backup.plan")
public record PlanProperties(
        @DefaultValue("7d") Duration fullEvery,
        @DefaultValue("5m") Duration walLimit,
        @DefaultValue("5m") Duration retryAfter,
        @Nullable String region) {}
