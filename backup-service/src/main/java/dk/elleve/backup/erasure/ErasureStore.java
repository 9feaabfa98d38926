package dk.elleve.backup.erasure;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Erasures in the database. Every call belongs into a transaction of the caller.
@Repository
class ErasureStore {

    /// An erasure's place in the list.
    record Position(Instant erasedAt, String id, String cluster) {}

    private final JdbcClient jdbc;

    ErasureStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Answers whether it was news.
    boolean add(String cluster, Erasure erasure, Instant now) {
        return jdbc.sql("""
                        INSERT INTO data.erasure (id, cluster, tenant, subject, key_id, records, erased_at, journaled_at)
                        VALUES (:id, :cluster, :tenant, :subject, :key, :records, :erased, :now)
                        ON CONFLICT (cluster, id) DO NOTHING
                        """)
                        .param("id", erasure.id())
                        .param("cluster", cluster)
                        .param("tenant", erasure.tenant())
                        .param("subject", erasure.subject())
                        .param("key", erasure.keyId())
                        .param("records", erasure.records())
                        .param("erased", at(erasure.erasedAt()))
                        .param("now", at(now))
                        .update()
                == 1;
    }

    /// What is known of any cluster and can come back with a backup of this one, as one is under way or
    /// there.
    ///
    /// @param margin an erasure may have ended so much later than it is told
    List<Erasure> since(String cluster, Instant now, Duration margin) {
        return jdbc.sql("""
                        SELECT DISTINCT ON (id) id, tenant, subject, key_id, records, erased_at
                        FROM data.erasure
                        WHERE erased_at >= least(:now, (
                                SELECT min(started_at)
                                FROM data.backup_run
                                WHERE cluster = :cluster AND state IN ('running', 'completed', 'damaged'))) - :margin::interval
                        ORDER BY id
                        """)
                .param("now", at(now))
                .param("cluster", cluster)
                .param("margin", margin.toString())
                .query((row, i) -> new Erasure(
                        row.getString("id"),
                        row.getString("tenant"),
                        row.getString("subject"),
                        row.getString("key_id"),
                        row.getLong("records"),
                        row.getObject("erased_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /// When the oldest tenant was erased of which no drill has shown that it cannot be read, though a moment
    /// before that is known and in a backup.
    Optional<Instant> oldestWaiting(String cluster) {
        return jdbc.sql("""
                        SELECT min(e.erased_at) AS erased_at
                        FROM data.erasure e
                        WHERE e.cluster = :cluster AND e.proven_by IS NULL AND e.subject IS NULL
                          AND EXISTS (
                              SELECT FROM data.content_mark m
                              WHERE m.cluster = :cluster AND m.taken_at < e.erased_at
                                AND m.taken_at > (
                                    SELECT min(finished_at) FROM data.backup_run
                                    WHERE cluster = :cluster AND state = 'completed'))
                        """)
                .param("cluster", cluster)
                .query((row, i) -> Optional.ofNullable(row.getObject("erased_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }

    /// A proof is given once: the first stays.
    void proven(String cluster, String id, String drill, long records, Instant now) {
        jdbc.sql("""
                        UPDATE data.erasure
                        SET proven_by = ?, proven_at = ?, proven_records = ?
                        WHERE cluster = ? AND id = ? AND proven_by IS NULL
                        """).params(drill, at(now), records, cluster, id).update();
    }

    /// Newest first, at most `limit + 1`, so that the caller sees whether there are more.
    List<ErasureRecord> page(int limit, @Nullable String tenant, @Nullable String cluster, @Nullable Position before) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.erasure
                        WHERE (:tenant::text IS NULL OR tenant = :tenant)
                          AND (:cluster::text IS NULL OR cluster = :cluster)
                          AND (:time::timestamptz IS NULL OR (erased_at, id, cluster) < (:time, :id, :before))
                        ORDER BY erased_at DESC, id DESC, cluster DESC
                        LIMIT :limit
                        """)
                .param("tenant", tenant)
                .param("cluster", cluster)
                .param("time", before == null ? null : at(before.erasedAt()))
                .param("id", before == null ? null : before.id())
                .param("before", before == null ? null : before.cluster())
                .param("limit", limit + 1)
                .query(ErasureStore::erasure)
                .list();
    }

    private static ErasureRecord erasure(ResultSet row, int number) throws SQLException {
        return new ErasureRecord(
                row.getString("id"),
                row.getString("cluster"),
                row.getString("tenant"),
                row.getString("subject"),
                row.getString("key_id"),
                row.getLong("records"),
                row.getObject("erased_at", OffsetDateTime.class).toInstant(),
                row.getObject("journaled_at", OffsetDateTime.class).toInstant(),
                row.getString("proven_by"),
                row.getObject("proven_at", OffsetDateTime.class) == null
                        ? null
                        : row.getObject("proven_at", OffsetDateTime.class).toInstant(),
                row.getObject("proven_records", Long.class));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
