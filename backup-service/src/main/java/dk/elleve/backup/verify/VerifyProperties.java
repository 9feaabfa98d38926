package dk.elleve.backup.verify;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param sampleEvery a seventh of all objects is read when the newest reading of any kind is so old
/// @param wholeEvery everything is read when the newest whole reading is so old
@ConfigurationProperties("elleve.backup.verify")
record VerifyProperties(
        @DefaultValue("1d") Duration sampleEvery,
        @DefaultValue("7d") Duration wholeEvery) {}
