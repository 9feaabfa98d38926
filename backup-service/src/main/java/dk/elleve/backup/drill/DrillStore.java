package dk.elleve.backup.drill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Drills in the database. Every call belongs into a transaction of the caller.
@Repository
class DrillStore {

    /// A drill's place in the list.
    record Position(Instant requestedAt, String id) {}

    private static final TypeReference<List<ProvenLog>> LOGS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;

    DrillStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Queues a drill, unless one of that cause and comparison is queued: then that one is the
    /// answer. One that is running has chosen its moment and is no answer to whoever asks about
    /// what was done since.
    DrillRecord queue(String id, String cluster, String cause, ComparedWith comparedWith, Instant now) {
        var queued = Optional.<DrillRecord>empty();
        // Empty when the one in the way was started in between.
        while (queued.isEmpty()) {
            jdbc.sql("""
                            INSERT INTO data.drill (id, cluster, state, cause, compared_with, requested_at)
                            VALUES (?, ?, 'queued', ?, ?, ?)
                            ON CONFLICT (cluster, cause, compared_with) WHERE state = 'queued' DO NOTHING
                            """)
                    .params(id, cluster, cause, comparedWith.word(), at(now))
                    .update();
            queued = queued(cluster).stream()
                    .filter(drill -> drill.cause().equals(cause) && drill.comparedWith() == comparedWith)
                    .findFirst();
        }
        return queued.get();
    }

    /// Oldest first; at most one of each cause and comparison.
    List<DrillRecord> queued(String cluster) {
        return jdbc.sql("SELECT * FROM data.drill WHERE cluster = ? AND state = 'queued' ORDER BY requested_at, id")
                .param(cluster)
                .query(DrillStore::drill)
                .list();
    }

    Optional<DrillRecord> running(String cluster) {
        return jdbc.sql("SELECT * FROM data.drill WHERE cluster = ? AND state = 'running'")
                .param(cluster)
                .query(DrillStore::drill)
                .optional();
    }

    Optional<DrillRecord> find(String id) {
        return jdbc.sql("SELECT * FROM data.drill WHERE id = ?")
                .param(id)
                .query(DrillStore::drill)
                .optional();
    }

    Optional<DrillRecord> newest(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.drill
                        WHERE cluster = ?
                        ORDER BY requested_at DESC
                        LIMIT 1
                        """).param(cluster).query(DrillStore::drill).optional();
    }

    Optional<DrillRecord> newestFinished(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.drill
                        WHERE cluster = ? AND state IN ('passed', 'failed')
                        ORDER BY finished_at DESC
                        LIMIT 1
                        """).param(cluster).query(DrillStore::drill).optional();
    }

    /// The newest one that failed and was not followed by one that passed and compared with the same: what
    /// the source agrees to says nothing of what the log has found, nor the other way round.
    Optional<DrillRecord> unmended(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.drill failed
                        WHERE cluster = ? AND state = 'failed'
                          AND NOT EXISTS (
                              SELECT
                              FROM data.drill passed
                              WHERE passed.cluster = failed.cluster
                                AND passed.compared_with = failed.compared_with
                                AND passed.state = 'passed'
                                AND passed.finished_at > failed.finished_at)
                        ORDER BY finished_at DESC
                        LIMIT 1
                        """).param(cluster).query(DrillStore::drill).optional();
    }

    List<DrillRecord> page(int limit, @Nullable String cluster, @Nullable Position before) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.drill
                        WHERE (:cluster::text IS NULL OR cluster = :cluster)
                          AND (:time::timestamptz IS NULL OR (requested_at, id) < (:time, :id))
                        ORDER BY requested_at DESC, id DESC
                        LIMIT :limit
                        """)
                .param("cluster", cluster)
                .param("time", before == null ? null : at(before.requestedAt()))
                .param("id", before == null ? null : before.id())
                .param("limit", limit + 1)
                .query(DrillStore::drill)
                .list();
    }

    void started(String id, Instant now) {
        jdbc.sql("UPDATE data.drill SET state = 'running', started_at = ?, starts = starts + 1 WHERE id = ?")
                .params(at(now), id)
                .update();
    }

    void passed(String id, DrillResult result, Instant now) {
        jdbc.sql("""
                        UPDATE data.drill
                        SET state = 'passed', finished_at = ?, backup = ?, position = ?::pg_lsn, restored_to = ?,
                            recovery_time = ?, recovery_point = ?, tables = ?, records = ?, not_comparable = ?,
                            erasures = ?, erased_records = ?, logs = ?::jsonb
                        WHERE id = ?
                        """)
                .params(
                        at(now),
                        result.backup(),
                        result.position(),
                        at(result.restoredTo()),
                        result.recoveryTime().toMillis(),
                        result.recoveryPoint().toMillis(),
                        result.tables(),
                        result.records(),
                        result.notComparable(),
                        result.erased().size(),
                        result.recordsErased())
                .param(result.logs() == null ? null : JSON.writeValueAsString(result.logs()))
                .param(id)
                .update();
    }

    void failed(String id, String reason, Instant now) {
        jdbc.sql("UPDATE data.drill SET state = 'failed', finished_at = ?, reason = ? WHERE id = ?")
                .params(at(now), reason, id)
                .update();
    }

    private static DrillRecord drill(ResultSet row, int number) throws SQLException {
        return new DrillRecord(
                row.getString("id"),
                row.getString("cluster"),
                DrillRecord.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("cause"),
                ComparedWith.valueOf(row.getString("compared_with").toUpperCase(Locale.ROOT)),
                instant(row, "requested_at").orElseThrow(),
                row.getInt("starts"),
                instant(row, "started_at").orElse(null),
                instant(row, "finished_at").orElse(null),
                row.getString("backup"),
                row.getString("position"),
                instant(row, "restored_to").orElse(null),
                duration(row, "recovery_time").orElse(null),
                duration(row, "recovery_point").orElse(null),
                row.getObject("tables", Integer.class),
                row.getObject("records", Long.class),
                row.getObject("not_comparable", Integer.class),
                row.getString("logs") == null ? null : JSON.readValue(row.getString("logs"), LOGS),
                row.getObject("erasures", Integer.class),
                row.getObject("erased_records", Long.class),
                row.getString("reason"));
    }

    private static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Long.class)).map(Duration::ofMillis);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
