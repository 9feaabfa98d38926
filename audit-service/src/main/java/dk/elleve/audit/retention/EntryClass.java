package dk.elleve.audit.retention;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Entries that are kept equally long. What is in none of them tells of the platform itself, and is kept for good.
enum EntryClass {
    /// Changes of rows and of structure.
    CHANGES,
    /// Requests that are on record.
    ACCESSES,
    /// Who looked at whose data.
    READS,
    LOGINS;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<EntryClass> of(String word) {
        return Stream.of(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
