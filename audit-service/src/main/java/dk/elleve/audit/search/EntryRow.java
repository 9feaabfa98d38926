package dk.elleve.audit.search;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An entry as it lies in the log, its text still sealed.
///
/// @param payload absent when its time was over
/// @param leaf the bytes that are logged
record EntryRow(
        long index,
        UUID eventId,
        Instant time,
        String kind,
        @Nullable TenantId tenant,
        List<String> flags,
        boolean underTenantKey,
        byte @Nullable [] payload,
        byte[] leaf) {}
