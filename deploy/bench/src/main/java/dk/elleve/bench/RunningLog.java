package dk.elleve.bench;

import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileSource;
import dk.elleve.tlog.VerifierKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The platform's log as everybody sees it, and what it takes in the database and in blob storage.
final class RunningLog implements AutoCloseable {

    private static final int LEAF = 166; // with its length before it

    private record Shown(String note, SignedCheckpoint checkpoint) {}

    private final Given given;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Connection database;
    private final VerifierKey key;
    private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();

    RunningLog(Given given) throws SQLException {
        this.given = given;
        this.database = given.connect("audit", "postgres");
        this.key = VerifierKey.parse(given.text("log.vkey").strip());
    }

    TileSource source(URI base) {
        return TileSource.http(http, base);
    }

    VerifierKey key() {
        return key;
    }

    /// The checkpoint shown now; its signature is checked.
    SignedCheckpoint shown() throws IOException {
        return shown(given.audit());
    }

    SignedCheckpoint shown(URI base) throws IOException {
        var bytes = source(base)
                .read("checkpoint")
                .orElseThrow(() -> new IllegalStateException("The log shows no checkpoint yet"));
        var note = new String(bytes, StandardCharsets.UTF_8);
        var known = shown.get();
        if (known != null && known.note().equals(note)) {
            return known.checkpoint();
        }
        var opened = SignedCheckpoint.open(note, List.of(key));
        shown.set(new Shown(note, opened));
        return opened;
    }

    long size() throws IOException {
        return shown().checkpoint().size();
    }

    /// Whether a change of the workload that committed after this time has one of these indexes.
    synchronized boolean hasChangeAfter(long micros, long from, long to) throws SQLException {
        return number("""
                SELECT count(*)
                FROM data.leaf
                WHERE index >= %d AND index < %d AND tenant_id = '%s' AND kind IN ('insert', 'update', 'delete')
                  AND time > to_timestamp(0) + %d * interval '1 microsecond'
                """.formatted(from, to, Workload.TENANT, micros)) > 0;
    }

    /// How many of the workload's changes have an index from here on: those of the table that was changed most, for
    /// others may change something of the tenant meanwhile.
    synchronized long changes(long from) throws SQLException {
        return number("""
                SELECT coalesce(max(changes), 0)
                FROM (SELECT count(*) AS changes
                      FROM data.leaf
                      WHERE index >= %d AND tenant_id = '%s' AND kind IN ('insert', 'update', 'delete')
                      GROUP BY table_index) tables
                """.formatted(from, Workload.TENANT));
    }

    interface Leaf {
        void at(long index, long micros);
    }

    /// The workload's changes from an index on, with the time of their commit.
    synchronized void changes(long from, Leaf each) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery("""
                        SELECT index, (extract(epoch FROM time) * 1000000)::bigint
                        FROM data.leaf
                        WHERE index >= %d AND tenant_id = '%s' AND kind IN ('insert', 'update', 'delete')
                        ORDER BY index
                        """.formatted(from, Workload.TENANT))) {
            while (row.next()) {
                each.at(row.getLong(1), row.getLong(2));
            }
        }
    }

    /// @param entries in the log
    /// @param database bytes of tables and their indexes
    /// @param tiles bytes in blob storage
    record Extent(long entries, long database, long tiles) {

        double each() {
            return (double) (database + tiles) / entries;
        }
    }

    synchronized Extent extent() throws SQLException {
        long tables = number("""
                SELECT sum(pg_total_relation_size(c.oid))
                FROM pg_class c
                WHERE c.relkind = 'r' AND c.relnamespace = 'data'::regnamespace
                  AND c.relname IN ('entry', 'leaf', 'stretch', 'about', 'waiting', 'chain', 'tree', 'promise')
                """);
        long tiles = new AzureBlobStore(given.text("blob"))
                .list("log", "tile/").stream()
                        .map(Tile::parse)
                        .mapToLong(tile -> (long) tile.width() * (tile.isEntries() ? LEAF : Hash.LENGTH))
                        .sum();
        return new Extent(number("SELECT size FROM data.tree"), tables, tiles);
    }

    private long number(String sql) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
        http.shutdownNow();
    }
}
