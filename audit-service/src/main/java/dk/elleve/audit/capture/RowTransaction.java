package dk.elleve.audit.capture;

import java.util.List;
import java.util.Map;

/// A whole committed transaction of a source.
///
/// @param id the 32-bit transaction id
/// @param commitLsn where its commit record ends: it belongs to what is before that position; grows
/// from one transaction of a source to the next
/// @param changes to be closed by whoever took them over
/// @param attributions what was said, transactionally, of who made it
/// @param session what the database itself said of the connection; empty if nothing was said
/// @param footprint what it did to what the tables add up to
record RowTransaction(
        long id,
        long commitLsn,
        Changes changes,
        List<String> attributions,
        Map<String, String> session,
        Footprint footprint) {

    RowTransaction {
        attributions = List.copyOf(attributions);
        session = Map.copyOf(session);
    }
}
