package dk.elleve.audit.search;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A query that somebody gave a name.
///
/// @param tenant whose people see it; absent for the operator's
/// @param owner who saved it
record SavedSearch(UUID id, @Nullable TenantId tenant, String owner, Instant createdAt, Text text) {

    /// What is stored sealed.
    record Text(String name, EntryQuery query) {}
}
