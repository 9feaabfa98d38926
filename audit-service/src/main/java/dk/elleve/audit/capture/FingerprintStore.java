package dk.elleve.audit.capture;

import dk.elleve.kit.fingerprint.Fingerprint;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// What the rows of each table add up to, by the changes that were taken over. Every call belongs into
/// a transaction of the caller that holds the source's watermark.
@Repository
class FingerprintStore {

    /// @param now by the changes taken over so far
    /// @param unknownSince the position since which the sum has no known beginning; absent where it has
    record Kept(Fingerprint now, @Nullable Long unknownSince) {

        static final Kept NOTHING = new Kept(Fingerprint.EMPTY, null);

        static final Kept UNKNOWN = new Kept(Fingerprint.EMPTY, 0L);

        boolean isKnown() {
            return unknownSince == null;
        }
    }

    /// @param compared whether the source was ever compared whole: then a table that nothing is kept of
    /// began without rows
    record Known(boolean compared, Map<String, Kept> tables) {

        Kept of(String table) {
            return tables.getOrDefault(table, compared ? Kept.NOTHING : Kept.UNKNOWN);
        }
    }

    /// The name under which a source stands for itself.
    private static final String SOURCE = "";

    private static final String OF_SOURCE = " WHERE system_id = ? AND timeline = ? AND database = ?";

    /// What was kept under another key is as if nothing were kept: rows have other hashes now.
    private static final String OF_KEY = OF_SOURCE + " AND key_id = ?";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final FingerprintKeys keys;

    FingerprintStore(JdbcClient jdbc, JdbcTemplate batches, FingerprintKeys keys) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.keys = keys;
    }

    void compared(SourceId source) {
        save(source, Map.of(SOURCE, Kept.NOTHING));
    }

    Known all(SourceId source) {
        return known(source, "", null);
    }

    Known some(SourceId source, Collection<String> tables) {
        var names = Stream.concat(Stream.of(SOURCE), tables.stream()).toArray(String[]::new);
        return known(source, " AND table_name = ANY (?)", names);
    }

    private Known known(SourceId source, String which, String @Nullable [] names) {
        var found = new LinkedHashMap<String, Kept>();
        var query = jdbc.sql("SELECT table_name, rows, sum, unknown_since FROM data.fingerprint" + OF_KEY + which)
                .params(source.system(), source.timeline(), source.database(), keyId());
        if (names != null) {
            query = query.param(names);
        }
        query.query(row -> {
            var table = row.getString("table_name");
            found.put(
                    table,
                    new Kept(
                            new Fingerprint(row.getLong("rows"), sum(source, table, row, "sum")),
                            row.getObject("unknown_since", Long.class)));
        });
        boolean compared = found.remove(SOURCE) != null;
        return new Known(compared, found);
    }

    void save(SourceId source, Map<String, Kept> tables) {
        batches.batchUpdate("""
                INSERT INTO data.fingerprint (system_id, timeline, database, table_name, rows, sum, unknown_since, key_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (system_id, timeline, database, table_name) DO UPDATE
                SET rows = excluded.rows, sum = excluded.sum, unknown_since = excluded.unknown_since,
                    key_id = excluded.key_id
                """, tables.entrySet(), 500, (statement, table) -> {
            var kept = table.getValue();
            statement.setString(1, source.system());
            statement.setInt(2, source.timeline());
            statement.setString(3, source.database());
            statement.setString(4, table.getKey());
            statement.setLong(5, kept.now().rows());
            statement.setBytes(6, keys.seal(source, table.getKey(), kept.now().sum()));
            statement.setObject(7, kept.unknownSince());
            statement.setString(8, keyId());
        });
    }

    void remove(SourceId source, String table) {
        jdbc.sql("DELETE FROM data.fingerprint" + OF_SOURCE + " AND table_name = ?")
                .params(source.system(), source.timeline(), source.database(), table)
                .update();
    }

    /// Lets a table begin with what is there, also one that nothing is kept of.
    void forgetBeginning(String database, String table) {
        record Taken(SourceId source, long commit) {}
        jdbc.sql("SELECT system_id, timeline, commit_lsn FROM data.watermark WHERE database = ? FOR UPDATE")
                .param(database)
                .query((row, i) -> new Taken(
                        new SourceId(row.getString("system_id"), row.getInt("timeline"), database),
                        row.getLong("commit_lsn")))
                .list()
                .forEach(taken -> {
                    var now = some(taken.source(), List.of(table)).of(table).now();
                    save(taken.source(), Map.of(table, new Kept(now, taken.commit())));
                });
    }

    /// Begins anew with a source: changes are missing. Whatever comparison is under way comes to nothing.
    void forget(SourceId source) {
        for (var table : List.of("data.fingerprint", "data.cut")) {
            jdbc.sql("DELETE FROM " + table + OF_SOURCE)
                    .params(source.system(), source.timeline(), source.database())
                    .update();
        }
    }

    /// Asks for a cut at a position that is not taken over yet.
    ///
    /// @return false if another comparison of the source is under way, begun after `stale`
    boolean ask(SourceId source, UUID id, long position, Instant now, Instant stale) {
        return jdbc.sql("""
                        INSERT INTO data.cut AS c (system_id, timeline, database, id, position, made_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (system_id, timeline, database) DO UPDATE
                        SET id = excluded.id, position = excluded.position, made_at = excluded.made_at, is_cut = false
                        WHERE c.made_at < ?
                        """)
                        .params(
                                source.system(),
                                source.timeline(),
                                source.database(),
                                id,
                                position,
                                now.atOffset(ZoneOffset.UTC),
                                stale.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /// Where the source is to be cut.
    Optional<Long> wanted(SourceId source) {
        return jdbc.sql("SELECT position FROM data.cut" + OF_SOURCE + " AND NOT is_cut")
                .params(source.system(), source.timeline(), source.database())
                .query(Long.class)
                .optional();
    }

    /// Keeps beside each sum how it is now.
    void cut(SourceId source) {
        jdbc.sql("""
                        UPDATE data.fingerprint
                        SET cut_rows = rows, cut_sum = sum, cut_known = (unknown_since IS NULL)
                        """ + OF_KEY)
                .params(source.system(), source.timeline(), source.database(), keyId())
                .update();
        jdbc.sql("UPDATE data.cut SET is_cut = true" + OF_SOURCE)
                .params(source.system(), source.timeline(), source.database())
                .update();
    }

    /// Whether the cut was made; absent if it is no longer asked for.
    Optional<Boolean> isCut(SourceId source, UUID id) {
        return jdbc.sql("SELECT is_cut FROM data.cut" + OF_SOURCE + " AND id = ?")
                .params(source.system(), source.timeline(), source.database(), id)
                .query(Boolean.class)
                .optional();
    }

    /// How each table was at the cut; one that nothing was kept of is not in it.
    Map<String, Comparison.Logged> atCut(SourceId source) {
        var found = new LinkedHashMap<String, Comparison.Logged>();
        jdbc.sql("SELECT table_name, cut_rows, cut_sum, cut_known FROM data.fingerprint" + OF_KEY
                        + " AND cut_sum IS NOT NULL AND table_name <> ?")
                .params(source.system(), source.timeline(), source.database(), keyId(), SOURCE)
                .query(row -> {
                    var table = row.getString("table_name");
                    found.put(
                            table,
                            new Comparison.Logged(
                                    new Fingerprint(row.getLong("cut_rows"), sum(source, table, row, "cut_sum")),
                                    row.getBoolean("cut_known")));
                });
        return found;
    }

    /// The comparison is over.
    void done(SourceId source, UUID id) {
        int was = jdbc.sql("DELETE FROM data.cut" + OF_SOURCE + " AND id = ?")
                .params(source.system(), source.timeline(), source.database(), id)
                .update();
        if (was == 1) {
            jdbc.sql("UPDATE data.fingerprint SET cut_rows = NULL, cut_sum = NULL, cut_known = NULL" + OF_SOURCE)
                    .params(source.system(), source.timeline(), source.database())
                    .update();
        }
    }

    private BigInteger sum(SourceId source, String table, ResultSet row, String column) throws SQLException {
        return keys.open(source, table, row.getBytes(column));
    }

    private String keyId() {
        return keys.ofRows().id();
    }
}
