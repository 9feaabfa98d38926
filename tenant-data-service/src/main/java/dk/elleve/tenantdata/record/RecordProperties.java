package dk.elleve.tenantdata.record;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much one request may carry.
///
/// @param largest one record
/// @param longestValue one field's value as JSON
/// @param largestImport one import; with an Idempotency-Key never more than 16 MiB
/// @param mostRows rows of one import
@ConfigurationProperties("elleve.records")
record RecordProperties(
        @DefaultValue("256KB") DataSize largest,
        @DefaultValue("64KB") DataSize longestValue,
        @DefaultValue("16MB") DataSize largestImport,
        @DefaultValue("100000") int mostRows) {}
