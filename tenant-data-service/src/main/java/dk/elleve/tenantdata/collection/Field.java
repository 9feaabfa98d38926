package dk.elleve.tenantdata.collection;

/// One field of a collection's records.
///
/// @param personal sealed before it is stored
/// @param searchable found by an index; a personal one by a keyed hash, so for equality only
/// @param subject tells which person a record is about
public record Field(String name, Kind kind, boolean personal, boolean searchable, boolean subject) {

    /// What a field's values can be compared as.
    public enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        /// `YYYY-MM-DD`.
        DATE,
        /// An RFC 3339 instant.
        TIME,
        /// Lists, objects, and fields that may hold several types: stored and shown, not compared.
        OTHER
    }

    /// Whether single values of it can be compared at all.
    public boolean scalar() {
        return kind != Kind.OTHER;
    }

    boolean sameMarks(Field other) {
        return kind == other.kind
                && personal == other.personal
                && searchable == other.searchable
                && subject == other.subject;
    }
}
