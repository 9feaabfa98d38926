package dk.elleve.audit.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param every how long after a comparison of a source the next one begins
/// @param tallyEvery how often it is told what all sources must hold at one position, for restore
/// drills to compare with
/// @param rest how long after one that could not be made it is tried again
@ConfigurationProperties("elleve.audit.reconcile")
record ReconcileProperties(
        @DefaultValue("24h") Duration every,
        @DefaultValue("24h") Duration tallyEvery,
        @DefaultValue("10m") Duration rest) {}
