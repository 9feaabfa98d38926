package dk.elleve.tenantdata.collection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A collection as it stands.
///
/// @param purpose the purpose of its area
public record Definition(
        Place place,
        String purpose,
        ObjectNode schema,
        Layout layout,
        @Nullable String retentionFrom,
        long version,
        Instant createdAt,
        Instant updatedAt) {}
