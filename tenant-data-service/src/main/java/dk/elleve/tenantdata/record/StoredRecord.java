package dk.elleve.tenantdata.record;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// A record as it lies in the database.
///
/// @param keyId the key that sealed it
/// @param clear the fields that are not personal
/// @param sealed the personal fields, each sealed for itself
record StoredRecord(
        UUID id,
        long version,
        String keyId,
        ObjectNode clear,
        Map<String, String> sealed,
        Instant createdAt,
        Instant updatedAt) {

    StoredRecord {
        sealed = Map.copyOf(sealed);
    }
}
