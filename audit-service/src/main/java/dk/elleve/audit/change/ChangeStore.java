package dk.elleve.audit.change;

import dk.elleve.contracts.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The register. Rows are added and never changed. Every call belongs into a transaction of the caller.
@Repository
class ChangeStore {

    record Position(Instant begun, UUID id) {}

    private static final String SELECT = """
            SELECT c.id, c.what, c.from_version, c.to_version, c.planned_from, c.planned_to, c.begun, c.backup,
                   c.actor_kind, c.actor, e.ended, e.outcome, e.reason
            FROM data.change c
            LEFT JOIN data.change_end e ON e.change = c.id
            """;

    private final JdbcClient jdbc;

    ChangeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Change change) {
        jdbc.sql("""
                        INSERT INTO data.change (id, what, from_version, to_version, planned_from, planned_to, begun,
                                                 backup, actor_kind, actor)
                        VALUES (:id, :what, :from, :to, :plannedFrom, :plannedTo, :begun, :backup, :kind, :actor)
                        """)
                .param("id", change.id())
                .param("what", change.what())
                .param("from", change.from())
                .param("to", change.to())
                .param("plannedFrom", maybe(change.plannedFrom()))
                .param("plannedTo", maybe(change.plannedTo()))
                .param("begun", at(change.begun()))
                .param("backup", change.backup())
                .param("kind", change.by().kind().word())
                .param("actor", change.by().id())
                .update();
    }

    /// @return false if an end is on record already; the first one stands
    boolean end(UUID change, Change.End end) {
        return jdbc.sql("""
                        INSERT INTO data.change_end (change, ended, outcome, reason)
                        VALUES (:change, :ended, :outcome, :reason)
                        ON CONFLICT (change) DO NOTHING
                        """)
                        .param("change", change)
                        .param("ended", at(end.at()))
                        .param("outcome", end.outcome().word())
                        .param("reason", end.reason())
                        .update()
                == 1;
    }

    Optional<Change> find(UUID id) {
        return jdbc.sql(SELECT + "WHERE c.id = ?")
                .param(id)
                .query(ChangeStore::change)
                .optional();
    }

    /// The newest first, at most `limit + 1`.
    List<Change> page(int limit, @Nullable Position before) {
        return before == null
                ? jdbc.sql(SELECT + "ORDER BY c.begun DESC, c.id DESC LIMIT ?")
                        .param(limit + 1)
                        .query(ChangeStore::change)
                        .list()
                : jdbc.sql(SELECT + "WHERE (c.begun, c.id) < (?, ?) ORDER BY c.begun DESC, c.id DESC LIMIT ?")
                        .params(at(before.begun()), before.id(), limit + 1)
                        .query(ChangeStore::change)
                        .list();
    }

    /// All that began since then, the newest first; where there is none, the newest of all.
    List<Change> since(Instant time) {
        var changes = jdbc.sql(SELECT + "WHERE c.begun > ? ORDER BY c.begun DESC, c.id DESC")
                .param(at(time))
                .query(ChangeStore::change)
                .list();
        return changes.isEmpty() ? page(1, null).stream().limit(1).toList() : changes;
    }

    void seen(String backup, Instant completedAt) {
        jdbc.sql("""
                        INSERT INTO data.backup_seen (backup, completed_at)
                        VALUES (?, ?)
                        ON CONFLICT (backup) DO NOTHING
                        """).params(backup, at(completedAt)).update();
    }

    /// When each of these backups was complete.
    Map<String, Instant> completed(List<String> backups) {
        record Seen(String backup, Instant at) {}
        return jdbc
                .sql("SELECT backup, completed_at FROM data.backup_seen WHERE backup = ANY (?)")
                .param(backups.toArray(String[]::new))
                .query((row, i) -> new Seen(row.getString("backup"), instant(row, "completed_at")))
                .list()
                .stream()
                .collect(Collectors.toMap(Seen::backup, Seen::at));
    }

    private static Change change(ResultSet row, int number) throws SQLException {
        var outcome = row.getString("outcome");
        return new Change(
                row.getObject("id", UUID.class),
                row.getString("what"),
                row.getString("from_version"),
                row.getString("to_version"),
                maybe(row, "planned_from"),
                maybe(row, "planned_to"),
                instant(row, "begun"),
                row.getString("backup"),
                new Actor(Actor.Kind.of(row.getString("actor_kind")), row.getString("actor"), null),
                outcome == null
                        ? null
                        : new Change.End(instant(row, "ended"), Change.Outcome.of(outcome), row.getString("reason")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime maybe(@Nullable Instant instant) {
        return instant == null ? null : at(instant);
    }
}
