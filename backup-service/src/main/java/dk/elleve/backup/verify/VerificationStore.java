package dk.elleve.backup.verify;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/// Verifications in the database. Every call belongs into a transaction of the caller.
@Repository
class VerificationStore {

    /// A verification's place in the list.
    record Position(Instant requestedAt, String id) {}

    /// So many problems and orphans of one verification are written down by name.
    private static final int NAMED = 100;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;

    VerificationStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Queues one, unless one is queued or running: then that one is the answer.
    Verification queue(String id, String cluster, String kind, String cause, Instant now) {
        var active = Optional.<Verification>empty();
        // Empty when the one in the way has ended in between.
        while (active.isEmpty()) {
            jdbc.sql("""
                            INSERT INTO data.verification (id, cluster, kind, state, cause, requested_at)
                            VALUES (?, ?, ?, 'queued', ?, ?)
                            ON CONFLICT (cluster) WHERE state IN ('queued', 'running') DO NOTHING
                            """).params(id, cluster, kind, cause, at(now)).update();
            active = active(cluster);
        }
        return active.get();
    }

    Optional<Verification> active(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.verification
                        WHERE cluster = ? AND state IN ('queued', 'running')
                        """)
                .param(cluster)
                .query(VerificationStore::verification)
                .optional();
    }

    Optional<Verification> find(String id) {
        return jdbc.sql("SELECT * FROM data.verification WHERE id = ?")
                .param(id)
                .query(VerificationStore::verification)
                .optional();
    }

    /// The newest one that came to an end.
    ///
    /// @param kind only of this kind; of any when absent
    Optional<Verification> newest(String cluster, @Nullable String kind) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.verification
                        WHERE cluster = :cluster AND state IN ('passed', 'failed') AND kind = coalesce(:kind, kind)
                        ORDER BY requested_at DESC, id DESC
                        LIMIT 1
                        """)
                .param("cluster", cluster)
                .param("kind", kind, Types.VARCHAR)
                .query(VerificationStore::verification)
                .optional();
    }

    /// The oldest one that failed since everything was last read, that reading included. Samples read other objects
    /// each day: one that passes says nothing of what an earlier one has found.
    Optional<Verification> unmended(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.verification
                        WHERE cluster = :cluster AND state = 'failed'
                          AND requested_at >= coalesce((
                              SELECT max(requested_at)
                              FROM data.verification
                              WHERE cluster = :cluster AND kind = 'whole' AND state IN ('passed', 'failed')),
                              '-infinity')
                        ORDER BY requested_at, id
                        LIMIT 1
                        """)
                .param("cluster", cluster)
                .query(VerificationStore::verification)
                .optional();
    }

    /// Newest first, at most `limit + 1`, so that the caller sees whether there are more.
    ///
    /// @param cluster only of this one; of all when absent
    List<Verification> page(int limit, @Nullable String cluster, @Nullable Position before) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.verification
                        WHERE (:cluster::text IS NULL OR cluster = :cluster)
                          AND (:time::timestamptz IS NULL OR (requested_at, id) < (:time, :id))
                        ORDER BY requested_at DESC, id DESC
                        LIMIT :limit
                        """)
                .param("cluster", cluster)
                .param("time", before == null ? null : at(before.requestedAt()))
                .param("id", before == null ? null : before.id())
                .param("limit", limit + 1)
                .query(VerificationStore::verification)
                .list();
    }

    void started(String id, Instant now) {
        jdbc.sql("""
                        UPDATE data.verification
                        SET state = 'running', started_at = coalesce(started_at, ?), reason = NULL
                        WHERE id = ?
                        """).params(at(now), id).update();
    }

    /// What a stretch of the reading has found, together with where it has come to.
    void read(String id, String position, long objects, long total, long bytes, List<Damage> problems) {
        jdbc.sql("""
                        UPDATE data.verification
                        SET position = ?, objects = ?, total = ?, bytes = ?,
                            problems = CASE WHEN jsonb_array_length(problems) < ? THEN problems || ?::jsonb ELSE problems END
                        WHERE id = ?
                        """)
                .params(position, objects, total, bytes, NAMED, JSON.writeValueAsString(problems), id)
                .update();
    }

    void orphans(String id, List<String> orphans) {
        jdbc.sql("UPDATE data.verification SET orphans = ?::jsonb WHERE id = ?")
                .params(JSON.writeValueAsString(orphans.stream().limit(NAMED).toList()), id)
                .update();
    }

    void brokenOff(String id, String reason) {
        jdbc.sql("UPDATE data.verification SET reason = ? WHERE id = ?")
                .params(reason, id)
                .update();
    }

    void finished(String id, boolean passed, Instant now) {
        jdbc.sql("UPDATE data.verification SET state = ?, finished_at = ? WHERE id = ?")
                .params(passed ? "passed" : "failed", at(now), id)
                .update();
    }

    private static Verification verification(ResultSet row, int number) throws SQLException {
        return new Verification(
                row.getString("id"),
                row.getString("cluster"),
                row.getString("kind"),
                Verification.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("cause"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("position"),
                row.getLong("objects"),
                row.getLong("total"),
                row.getLong("bytes"),
                List.of(JSON.readValue(row.getString("problems"), Damage[].class)),
                List.of(JSON.readValue(row.getString("orphans"), String[].class)),
                row.getString("reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
