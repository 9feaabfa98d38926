package dk.elleve.audit.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param every how long after a comparison of a source the next one begins
/// @param rest how long after one that could not be made it is tried again
@ConfigurationProperties("elleve.audit.reconcile")
record ReconcileProperties(
        @DefaultValue("24h") Duration every,
        @DefaultValue("10m") Duration rest) {}
