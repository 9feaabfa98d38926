package dk.elleve.audit.retention;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Entries that are kept whatever the rules say.
///
/// @param tenant whose; absent for everybody's
/// @param from entries that happened not before; absent for all until `to`
/// @param to entries that happened before; absent for all from `from` on, also those to come
/// @param released when it ended; absent while it holds
/// @param releaseReason why; absent while it holds, and where nobody was asked yet
record Hold(
        UUID id,
        @Nullable TenantId tenant,
        String reason,
        @Nullable Instant from,
        @Nullable Instant to,
        Actor by,
        Instant at,
        @Nullable Instant released,
        @Nullable String releaseReason) {}
