package dk.elleve.audit.search;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Entries that somebody lacks.
///
/// @param oldest when the first of them happened; absent if there is none
public record Backlog(long entries, @Nullable Instant oldest) {}
