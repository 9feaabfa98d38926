package dk.elleve.audit.capture;

import java.util.List;

/// Exactly the rows in which a table differs from its log.
///
/// @param rows the first of them
/// @param more how many there are besides
public record RowDifferences(List<RowDifference> rows, long more) {

    public RowDifferences {
        rows = List.copyOf(rows);
    }
}
