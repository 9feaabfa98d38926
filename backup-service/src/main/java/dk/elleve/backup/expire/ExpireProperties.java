package dk.elleve.backup.expire;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param window every moment of so much past can be restored; what is older leaves the vault
/// @param fulls so many full backups stay, however old
@ConfigurationProperties("elleve.backup.expire")
public record ExpireProperties(
        @DefaultValue("30d") Duration window,
        @DefaultValue("2") int fulls) {

    public ExpireProperties {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("elleve.backup.expire.window must be longer than nothing");
        }
        if (fulls < 1) {
            throw new IllegalArgumentException("elleve.backup.expire.fulls: at least one full backup always stays");
        }
    }

    Retention retention() {
        return new Retention(window, fulls);
    }
}
