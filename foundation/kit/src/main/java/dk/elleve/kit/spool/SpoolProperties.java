package dk.elleve.kit.spool;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// @param directory a folder of this instance alone, on a disk that survives it
/// @param bound how much may wait before requests are refused
/// @param patience how long an append waits for room
@ConfigurationProperties("elleve.spool")
record SpoolProperties(
        Path directory,
        @DefaultValue("256MB") DataSize bound,
        @DefaultValue("2s") Duration patience) {}
