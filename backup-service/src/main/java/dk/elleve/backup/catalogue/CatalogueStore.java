package dk.elleve.backup.catalogue;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wal.Gap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Runs and gaps in the database. Every call belongs into a transaction of the caller.
@Repository
public class CatalogueStore {

    /// A run's place in the list.
    public record Position(Instant requestedAt, String id) {}

    private final JdbcClient jdbc;

    CatalogueStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Queues a run, unless one of the cluster is queued or running: then that one is the answer.
    public Run queue(String id, String cluster, String kind, String cause, Instant now) {
        var active = Optional.<Run>empty();
        // Empty when the one in the way has ended in between.
        while (active.isEmpty()) {
            jdbc.sql("""
                            INSERT INTO data.backup_run (id, cluster, kind, state, cause, requested_at)
                            VALUES (?, ?, ?, 'queued', ?, ?)
                            ON CONFLICT (cluster) WHERE state IN ('queued', 'running') DO NOTHING
                            """).params(id, cluster, kind, cause, at(now)).update();
            active = active(cluster);
        }
        return active.get();
    }

    public Optional<Run> active(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.backup_run
                        WHERE cluster = ? AND state IN ('queued', 'running')
                        """).param(cluster).query(CatalogueStore::run).optional();
    }

    public Optional<Run> find(String id) {
        return jdbc.sql("SELECT * FROM data.backup_run WHERE id = ?")
                .param(id)
                .query(CatalogueStore::run)
                .optional();
    }

    /// The newest complete backup of either kind.
    public Optional<Run> newest(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.backup_run
                        WHERE cluster = ? AND state = 'completed'
                        ORDER BY finished_at DESC
                        LIMIT 1
                        """).param(cluster).query(CatalogueStore::run).optional();
    }

    public Optional<Run> newestFull(String cluster) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.backup_run
                        WHERE cluster = ? AND kind = 'full' AND state = 'completed'
                        ORDER BY finished_at DESC
                        LIMIT 1
                        """).param(cluster).query(CatalogueStore::run).optional();
    }

    /// How many runs are in each state.
    public Map<Run.State, Long> states(String cluster) {
        var states = new EnumMap<Run.State, Long>(Run.State.class);
        for (var state : Run.State.values()) {
            states.put(state, 0L);
        }
        jdbc.sql("SELECT state, count(*) FROM data.backup_run WHERE cluster = ? GROUP BY state")
                .param(cluster)
                .query(row -> {
                    states.put(Run.State.valueOf(row.getString(1).toUpperCase(Locale.ROOT)), row.getLong(2));
                });
        return states;
    }

    /// How far a replication slot of the server is behind, as the server says it.
    ///
    /// @param lag bytes of WAL that the reader of the slot has not confirmed
    /// @param room bytes of WAL that may still come before the server gives the slot up
    public record Slot(long lag, @Nullable Long room) {}

    /// The slot, if the database of the catalogue lies in the cluster that has it.
    public Optional<Slot> slot(String name) {
        return jdbc.sql("""
                        SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(confirmed_flush_lsn, restart_lsn))::bigint,
                               safe_wal_size
                        FROM pg_replication_slots
                        WHERE slot_name = ?
                        """)
                .param(name)
                .query((row, i) -> new Slot(row.getLong(1), row.getObject(2, Long.class)))
                .optional();
    }

    /// Newest first, at most `limit + 1`, so that the caller sees whether there are more.
    ///
    /// @param cluster only runs of this one; of all when absent
    /// @param before only runs that come after this one in the list
    public List<Run> page(int limit, @Nullable String cluster, @Nullable Position before) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.backup_run
                        WHERE (:cluster::text IS NULL OR cluster = :cluster)
                          AND (:time::timestamptz IS NULL OR (requested_at, id) < (:time, :id))
                        ORDER BY requested_at DESC, id DESC
                        LIMIT :limit
                        """)
                .param("cluster", cluster)
                .param("time", before == null ? null : at(before.requestedAt()))
                .param("id", before == null ? null : before.id())
                .param("limit", limit + 1)
                .query(CatalogueStore::run)
                .list();
    }

    public void started(String id, Instant now) {
        jdbc.sql("""
                        UPDATE data.backup_run
                        SET state = 'running', started_at = coalesce(started_at, ?), attempts = attempts + 1, reason = NULL
                        WHERE id = ?
                        """).params(at(now), id).update();
    }

    /// The run goes on later; until then this is why it stands still.
    public void brokenOff(String id, String reason) {
        jdbc.sql("UPDATE data.backup_run SET reason = ? WHERE id = ?")
                .params(reason, id)
                .update();
    }

    /// The backup has left the vault.
    public void expired(String id, Instant now) {
        jdbc.sql("UPDATE data.backup_run SET state = 'expired', reason = 'expired ' || ? WHERE id = ?")
                .params(now.toString(), id)
                .update();
    }

    /// The backup lies in the vault, but not as it was written.
    public void damaged(String id, String reason) {
        jdbc.sql("UPDATE data.backup_run SET state = 'damaged', reason = ? WHERE id = ? AND state = 'completed'")
                .params(reason, id)
                .update();
    }

    public void failed(String id, String reason, Instant now) {
        jdbc.sql("UPDATE data.backup_run SET state = 'failed', finished_at = ?, reason = ? WHERE id = ?")
                .params(at(now), reason, id)
                .update();
    }

    /// Writes down a backup that is complete in the vault, whether or not anything is known of its run.
    ///
    /// @param digest SHA-256 of the manifest
    public void completed(Manifest manifest, String digest, String cause) {
        jdbc.sql("""
                        INSERT INTO data.backup_run (id, cluster, kind, state, cause, requested_at, started_at, finished_at,
                            bytes_read, bytes_stored, start_lsn, end_lsn, base, blocks, stored, damages, manifest)
                        VALUES (:id, :cluster, :kind, 'completed', :cause, :started, :started, :finished,
                            :read, :bytes, :start::pg_lsn, :end::pg_lsn, :base, :blocks, :stored, :damages, :manifest)
                        ON CONFLICT (id) DO UPDATE
                        SET state = 'completed', started_at = excluded.started_at, finished_at = excluded.finished_at,
                            bytes_read = excluded.bytes_read, bytes_stored = excluded.bytes_stored,
                            start_lsn = excluded.start_lsn, end_lsn = excluded.end_lsn, base = excluded.base,
                            blocks = excluded.blocks, stored = excluded.stored, damages = excluded.damages,
                            manifest = excluded.manifest, reason = NULL
                        """)
                .param("id", manifest.id())
                .param("cluster", manifest.systemId())
                .param("kind", manifest.kind())
                .param("cause", cause)
                .param("started", at(manifest.startedAt()))
                .param("finished", at(manifest.finishedAt()))
                .param("read", manifest.bytes())
                .param("bytes", manifest.storedBytes())
                .param("start", manifest.start())
                .param("end", manifest.end())
                .param("base", manifest.base())
                .param("blocks", manifest.blocks())
                .param("stored", manifest.stored())
                .param("damages", manifest.damages().size())
                .param("manifest", digest)
                .update();
    }

    public List<String> completedIds(String cluster) {
        return jdbc.sql("SELECT id FROM data.backup_run WHERE cluster = ? AND state IN ('completed', 'damaged')")
                .param(cluster)
                .query((row, i) -> row.getString("id"))
                .list();
    }

    /// Answers whether the gap was news.
    public boolean add(String cluster, Gap gap) {
        return jdbc.sql("""
                        INSERT INTO data.wal_gap (cluster, timeline, from_lsn, to_lsn, safe_until, found_at)
                        VALUES (?, ?, ?::pg_lsn, ?::pg_lsn, ?, ?)
                        ON CONFLICT DO NOTHING
                        """)
                        .params(cluster, gap.timeline(), gap.from(), gap.to(), at(gap.safeUntil()), at(gap.foundAt()))
                        .update()
                == 1;
    }

    public List<Gap> gaps(String cluster) {
        return jdbc.sql("""
                        SELECT timeline, from_lsn::text AS from_lsn, to_lsn::text AS to_lsn, safe_until, found_at
                        FROM data.wal_gap
                        WHERE cluster = ?
                        ORDER BY from_lsn
                        """)
                .param(cluster)
                .query((row, i) -> new Gap(
                        row.getInt("timeline"),
                        row.getString("from_lsn"),
                        row.getString("to_lsn"),
                        instant(row, "safe_until").orElseThrow(),
                        instant(row, "found_at").orElseThrow()))
                .list();
    }

    private static Run run(ResultSet row, int number) throws SQLException {
        return new Run(
                row.getString("id"),
                row.getString("cluster"),
                row.getString("kind"),
                Run.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("cause"),
                instant(row, "requested_at").orElseThrow(),
                instant(row, "started_at").orElse(null),
                instant(row, "finished_at").orElse(null),
                row.getObject("bytes_read", Long.class),
                row.getObject("bytes_stored", Long.class),
                row.getString("base"),
                row.getObject("blocks", Long.class),
                row.getObject("stored", Long.class),
                row.getInt("damages"),
                row.getString("manifest"),
                row.getInt("attempts"),
                row.getString("start_lsn"),
                row.getString("end_lsn"),
                row.getString("reason"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
