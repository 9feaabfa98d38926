package dk.elleve.backup.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An erasure, and the proof that no backup undoes it.
///
/// @param cluster the cluster in whose journal it stands, and of whose backups it is proven
/// @param subject the pseudonym of the person, when not the whole tenant was erased
/// @param keyId the destroyed key, as every copy that it sealed still names it
/// @param records how many records were erased
/// @param journaledAt since when no restore brings it back
/// @param drill the restore drill of an older moment that found nothing that can be read
/// @param recordsFound how many records it found, each sealed by the key that is gone
record ErasureRecord(
        String id,
        String cluster,
        String tenant,
        @Nullable String subject,
        @Nullable String keyId,
        long records,
        Instant erasedAt,
        Instant journaledAt,
        @Nullable String drill,
        @Nullable Instant provenAt,
        @Nullable Long recordsFound) {}
