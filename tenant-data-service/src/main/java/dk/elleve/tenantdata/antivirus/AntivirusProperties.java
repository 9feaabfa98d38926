package dk.elleve.tenantdata.antivirus;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// @param host where the scanner (clamd) listens; nobody is asked if not given
/// @param port its port
/// @param patience how long it may take to connect, and again to answer
@Validated
@ConfigurationProperties("elleve.antivirus")
record AntivirusProperties(
        @Nullable String host,
        @DefaultValue("3310") @Min(1) @Max(65535) int port,
        @DefaultValue("3s") Duration patience) {

    AntivirusProperties {
        if (patience.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("elleve.antivirus.patience is longer than nothing");
        }
    }
}
