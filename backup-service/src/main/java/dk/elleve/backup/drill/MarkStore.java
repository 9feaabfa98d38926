package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Marks in the database. Every call belongs into a transaction of the caller.
@Repository
class MarkStore {

    /// Older ones go: the window of what can be restored is shorter than so many days.
    private static final int KEPT = 64;

    private static final TypeReference<Map<String, String>> TABLES = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient jdbc;

    MarkStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(String cluster, Mark mark) {
        jdbc.sql("""
                        INSERT INTO data.content_mark (cluster, timeline, position, taken_at, tables)
                        VALUES (?, ?, ?::pg_lsn, ?, ?::jsonb)
                        ON CONFLICT DO NOTHING
                        """)
                .params(
                        cluster,
                        mark.at().timeline(),
                        mark.position().toString(),
                        mark.takenAt().atOffset(ZoneOffset.UTC),
                        JSON.writeValueAsString(mark.content().tables()))
                .update();
        jdbc.sql("""
                        DELETE FROM data.content_mark
                        WHERE cluster = :cluster
                          AND (timeline, position) NOT IN (
                              SELECT timeline, position
                              FROM data.content_mark
                              WHERE cluster = :cluster
                              ORDER BY taken_at DESC
                              LIMIT :kept)
                        """).param("cluster", cluster).param("kept", KEPT).update();
    }

    /// Moments that can be compared, newest first.
    List<Moment.At> moments(String cluster, Instant before) {
        return jdbc.sql("""
                        SELECT timeline, position::text AS position
                        FROM data.content_mark
                        WHERE cluster = ? AND taken_at < ?
                        ORDER BY taken_at DESC
                        """)
                .params(cluster, before.atOffset(ZoneOffset.UTC))
                .query((row, i) -> new Moment.At(row.getInt("timeline"), Lsn.parse(row.getString("position"))))
                .list();
    }

    Optional<Mark> find(String cluster, Moment.At at) {
        return jdbc.sql("""
                        SELECT taken_at, tables
                        FROM data.content_mark
                        WHERE cluster = ? AND timeline = ? AND position = ?::pg_lsn
                        """)
                .params(cluster, at.timeline(), at.position().toString())
                .query((row, i) -> new Mark(
                        at,
                        row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                        new Content(JSON.readValue(row.getString("tables"), TABLES))))
                .optional();
    }

    Optional<Instant> newest(String cluster) {
        return jdbc.sql("SELECT max(taken_at) AS newest FROM data.content_mark WHERE cluster = ?")
                .param(cluster)
                .query((row, i) -> Optional.ofNullable(row.getObject("newest", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }
}
