package dk.elleve.backup;

import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.fingerprint.LiveTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What audit-service would say that a database must hold. There it is what all changes add up to;
/// here it is read from the database itself while nobody writes to it, which is the same.
public record Tallied(FingerprintKey key, String database, Map<String, Fingerprint> tables) {

    public static Tallied now(FingerprintKey key, String database, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        var tables = new TreeMap<String, Fingerprint>();
        LiveTables.read(connection, key.rowHash(database), rows -> {})
                .forEach((table, read) -> read.ifPresent(fingerprint -> tables.put(table, fingerprint)));
        connection.rollback();
        return new Tallied(key, database, tables);
    }

    /// With what is said bound to a position of the cluster's first timeline.
    public List<Table> at(String cluster, String position) {
        return tables.entrySet().stream()
                .map(each -> new Table(
                        each.getKey(),
                        each.getValue().rows(),
                        key.commitment(cluster, 1, database, position, each.getKey(), each.getValue())))
                .toList();
    }
}
