package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/// Tallies of the audit log in the database. Every call belongs into a transaction of the caller.
@Repository
class LogMarkStore {

    /// Older ones go: the window of what can be restored is shorter than so many days.
    private static final int KEPT = 64;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;

    LogMarkStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What was said first of a database at a position stays.
    void add(TablesTallied tallied) {
        jdbc.sql("""
                        INSERT INTO data.log_mark (cluster, timeline, position, database, taken_at, key_id, complete,
                                                   comparable, tables)
                        VALUES (:cluster, :timeline, :position::pg_lsn, :database, :at, :key, :complete,
                                :comparable, :tables::jsonb)
                        ON CONFLICT DO NOTHING
                        """)
                .param("cluster", tallied.cluster())
                .param("timeline", tallied.timeline())
                .param("position", tallied.position())
                .param("database", tallied.database())
                .param("at", tallied.at().atOffset(ZoneOffset.UTC))
                .param("key", tallied.keyId())
                .param("complete", tallied.complete())
                .param(
                        "comparable",
                        tallied.tables().stream()
                                .filter(table -> table.commitment() != null)
                                .count())
                .param("tables", JSON.writeValueAsString(tallied.tables()))
                .update();
        jdbc.sql("""
                        DELETE FROM data.log_mark
                        WHERE cluster = :cluster
                          AND (timeline, position) NOT IN (
                              SELECT timeline, position
                              FROM data.log_mark
                              WHERE cluster = :cluster
                              GROUP BY timeline, position
                              ORDER BY max(taken_at) DESC
                              LIMIT :kept)
                        """).param("cluster", tallied.cluster()).param("kept", KEPT).update();
    }

    /// Moments with a table that can be compared, from after the oldest backup, newest first.
    ///
    /// @param keyId what was tallied under another key cannot be compared
    List<Moment.At> comparable(String cluster, String keyId) {
        return jdbc.sql("""
                        SELECT timeline, position::text AS position
                        FROM data.log_mark
                        WHERE cluster = :cluster AND key_id = :key
                          AND taken_at > (
                              SELECT min(finished_at)
                              FROM data.backup_run
                              WHERE cluster = :cluster AND state = 'completed')
                        GROUP BY timeline, position
                        HAVING sum(comparable) > 0
                        ORDER BY max(taken_at) DESC
                        """)
                .param("cluster", cluster)
                .param("key", keyId)
                .query((row, i) -> new Moment.At(row.getInt("timeline"), Lsn.parse(row.getString("position"))))
                .list();
    }

    /// Whether anything was said of a cluster, comparable or not.
    boolean knows(String cluster) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.log_mark WHERE cluster = ?)")
                .param(cluster)
                .query(Boolean.class)
                .single();
    }

    Optional<LogMark> find(String cluster, Moment.At at, String keyId) {
        record Row(Instant takenAt, LogMark.Database database) {}
        var rows = jdbc.sql("""
                        SELECT database, taken_at, complete, tables
                        FROM data.log_mark
                        WHERE cluster = ? AND timeline = ? AND position = ?::pg_lsn AND key_id = ?
                        ORDER BY database
                        """)
                .params(cluster, at.timeline(), at.position().toString(), keyId)
                .query((row, i) ->
                        new Row(row.getObject("taken_at", OffsetDateTime.class).toInstant(), database(row)))
                .list();
        return rows.stream()
                .map(Row::takenAt)
                .max(Comparator.naturalOrder())
                .map(takenAt -> new LogMark(
                        at, takenAt, rows.stream().map(Row::database).toList()));
    }

    private static LogMark.Database database(ResultSet row) throws SQLException {
        return new LogMark.Database(
                row.getString("database"),
                row.getBoolean("complete"),
                List.of(JSON.readValue(row.getString("tables"), Table[].class)));
    }
}
