package dk.elleve.backup.drill;

import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.fingerprint.LiveTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Proves that a restored copy holds the rows that the audit log's changes add up to. Neither the
/// source nor anything else that is in the copy is asked: a row that was changed in the files, or
/// past the log, is found here only.
final class TallyCheck {

    private static final int NAMED_DIFFERENCES = 5;

    private final String cluster;
    private final FingerprintKey key;

    /// @param cluster its system identifier
    TallyCheck(String cluster, FingerprintKey key) {
        this.cluster = cluster;
        this.key = key;
    }

    /// Takes as long as reading every row.
    ///
    /// @throws IllegalStateException naming the tables that do not agree, or when there was none to
    ///     compare
    TallyComparison prove(SourceReader copy, LogMark there) throws SQLException {
        var compared = TallyComparison.of(
                there.databases(),
                read(copy, there),
                (database, table, fingerprint) -> key.commitment(
                        cluster,
                        there.at().timeline(),
                        database,
                        there.position().toString(),
                        table,
                        fingerprint));
        var differences = compared.differences();
        if (!differences.isEmpty()) {
            throw new IllegalStateException("the copy is not what the log of all changes says of "
                    + there.position() + ": "
                    + differences.stream().limit(NAMED_DIFFERENCES).collect(Collectors.joining("; "))
                    + (differences.size() > NAMED_DIFFERENCES
                            ? "; and " + (differences.size() - NAMED_DIFFERENCES) + " more"
                            : ""));
        }
        if (compared.tables() == 0) {
            throw new IllegalStateException("none of " + compared.notComparable()
                    + " tables could be compared with the log of their changes, which proves nothing");
        }
        return compared;
    }

    private Map<String, Map<String, Optional<Fingerprint>>> read(SourceReader copy, LogMark there) throws SQLException {
        var tallied = there.databases().stream().map(LogMark.Database::name).collect(Collectors.toSet());
        return copy.each(tallied::contains, this::tables);
    }

    private Map<String, Optional<Fingerprint>> tables(String database, Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var there = statement.executeQuery("SELECT to_regnamespace('data') IS NOT NULL")) {
            there.next();
            if (!there.getBoolean(1)) {
                return Map.of();
            }
        }
        return LiveTables.read(connection, key.rowHash(database), rows -> {});
    }
}
