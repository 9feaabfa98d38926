package dk.elleve.audit.log;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event to be logged.
///
/// @param eventId names the event wherever it was seen; a second entry with the same id is refused
/// @param tenant whose key seals it and who may read it; absent for the platform's own
/// @param time when it happened
/// @param about resources it tells of beside its own, such as the records that somebody looked at
/// @param needsTenantKey whether before and after may be kept only under the tenant's key: rows of customers' data
public record NewEntry(
        UUID eventId,
        EntryKind kind,
        Set<Mark> marks,
        @Nullable TenantId tenant,
        Instant time,
        Content content,
        List<String> about,
        boolean needsTenantKey) {

    public NewEntry {
        marks = Set.copyOf(marks);
        about = List.copyOf(about);
        time = time.truncatedTo(ChronoUnit.MICROS);
    }

    public NewEntry(
            UUID eventId, EntryKind kind, Set<Mark> marks, @Nullable TenantId tenant, Instant time, Content content) {
        this(eventId, kind, marks, tenant, time, content, List.of(), false);
    }

    /// The same, told of more resources than its own.
    public NewEntry about(List<String> resources) {
        return new NewEntry(eventId, kind, marks, tenant, time, content, resources, needsTenantKey);
    }
}
