package dk.elleve.backup.drill;

import java.util.Locale;

/// An audit log that came back with a copy, and is what was signed.
///
/// @param database that holds it
/// @param origin the log's name
/// @param size how many entries the newest checkpoint of the copy speaks of
/// @param root of the tree over them, as the checkpoint writes it
/// @param anchor what the anchors say of the same size
record ProvenLog(String database, String origin, long size, String root, Anchor anchor) {

    enum Anchor {
        AGREES,
        /// There is none of that size where this service looks: anchors may lie in an account of their own.
        MISSING,
        /// The storage refused or was away.
        UNREADABLE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
