package dk.elleve.audit.capture;

/// A row that is not as the log has it.
///
/// @param key the primary key's values joined by commas, as in the resources of entries
public record RowDifference(Kind kind, String key) {

    public enum Kind {
        CHANGED,
        /// The log has it and the table has not.
        MISSING,
        /// The table has it and the log has not.
        UNEXPECTED
    }
}
