package dk.elleve.backup.drill;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What the rows of a restored copy are compared with.
enum ComparedWith {
    /// What the source itself held, when it was looked at.
    SOURCE,
    /// What the audit log says it must hold, by all changes that were captured.
    LOG;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    ComparedWith other() {
        return this == SOURCE ? LOG : SOURCE;
    }

    static Optional<ComparedWith> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
