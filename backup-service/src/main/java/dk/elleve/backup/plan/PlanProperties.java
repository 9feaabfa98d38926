package dk.elleve.backup.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.scheduling.support.CronExpression;

/// @param fullEvery a full backup is due when the newest one has begun so long ago
/// @param incrementalAt when incremental backups are due, as a cron expression of six fields in UTC
/// @param attempts how often a backup that breaks off is taken up again before it counts as failed
/// @param walLimit no WAL may be older than this outside the vault
/// @param retryAfter pause after a run that failed
/// @param region where the vault lies, shown with its state
@ConfigurationProperties("elleve.backup.plan")
public record PlanProperties(
        @DefaultValue("7d") Duration fullEvery,
        @DefaultValue("0 30 1,13 * * *") String incrementalAt,
        @DefaultValue("5") int attempts,
        @DefaultValue("5m") Duration walLimit,
        @DefaultValue("5m") Duration retryAfter,
        @Nullable String region) {

    public PlanProperties {
        if (!CronExpression.isValidExpression(incrementalAt)) {
            throw new IllegalArgumentException("elleve.backup.plan.incremental-at: '" + incrementalAt
                    + "' is no cron expression of six fields such as '0 30 1,13 * * *'");
        }
    }

    CronExpression incrementalCron() {
        return CronExpression.parse(incrementalAt);
    }
}
