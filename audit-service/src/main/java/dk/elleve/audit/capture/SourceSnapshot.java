package dk.elleve.audit.capture;

import dk.elleve.audit.capture.Comparison.Live;
import dk.elleve.kit.fingerprint.LiveRows;
import dk.elleve.kit.fingerprint.LiveTables;
import dk.elleve.kit.fingerprint.RowHash;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.postgresql.replication.LogSequenceNumber;

/// The tables of a source exactly as they were at one position of its WAL: the transactions that
/// committed before it are in them and no other. Only the making of a replication slot gives both at
/// once; a plain snapshot sees transactions in another order than the WAL has them. The slot is gone as
/// soon as the snapshot is taken.
final class SourceSnapshot implements AutoCloseable {

    private final Connection reader;
    private final long position;

    private SourceSnapshot(Connection reader, long position) {
        this.reader = reader;
        this.position = position;
    }

    /// @param patience how long transactions that are open now may take to end: before that there is no
    /// position
    /// @throws SQLException also when they take longer
    static SourceSnapshot open(SourceDatabase database, Duration patience) throws SQLException {
        var name = "compare_" + database.name() + "_"
                + HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
        try (var replication = database.connect(true, patience);
                var statement = replication.createStatement();
                var slot = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + quote(name) + " TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')")) {
            slot.next();
            long position = LogSequenceNumber.valueOf(slot.getString("consistent_point"))
                    .asLong();
            var reader = database.connect(false, patience);
            try {
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                reader.setReadOnly(true);
                reader.setAutoCommit(false);
                try (var take = reader.createStatement()) {
                    take.execute("SET TRANSACTION SNAPSHOT '" + slot.getString("snapshot_name") + "'");
                }
            } catch (SQLException e) {
                reader.close();
                throw e;
            }
            return new SourceSnapshot(reader, position);
        }
    }

    long position() {
        return position;
    }

    /// Reads every table whose changes should be in the log, all rows of it.
    ///
    /// @param progress is told, now and then, how many rows were read since it was last told
    Map<String, Live> read(RowHash hash, LongConsumer progress) throws SQLException {
        var found = new LinkedHashMap<String, Live>();
        LiveTables.read(reader, hash, progress)
                .forEach((table, at) ->
                        found.put(table, at.<Live>map(Comparison.Rows::new).orElseGet(Comparison.Unreadable::new)));
        return found;
    }

    /// One table's rows by themselves, for as long as this is open. What fails meanwhile spoils
    /// nothing else.
    ///
    /// @param rows empty if they cannot be looked at one by one
    record Apart(Connection reader, Savepoint before, Optional<LiveRows> rows) implements AutoCloseable {

        @Override
        public void close() throws SQLException {
            reader.rollback(before);
        }
    }

    Apart rows(RowHash hash, String table) throws SQLException {
        return new Apart(reader, reader.setSavepoint(), LiveRows.of(reader, hash, table));
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// The server rolls back what a connection leaves behind, also one that broke.
    @Override
    public void close() throws SQLException {
        reader.close();
    }
}
