package dk.elleve.audit.retention;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Rules and holds; rows are added and never changed. Every call belongs into a transaction of the caller, whose scope
/// decides what is seen.
@Repository
class RetentionStore {

    record Position(Instant at, UUID id) {}

    /// What one step took away.
    ///
    /// @param newest when the newest of them had happened
    record Expired(@Nullable TenantId tenant, EntryClass of, long entries, Instant newest) {}

    private static final String HOLDS = """
            SELECT h.id, h.tenant_id, h.reason, h.from_time, h.to_time, h.actor_kind, h.actor, h.at, e.at AS released,
                   e.reason AS release_reason
            FROM data.legal_hold h
            LEFT JOIN data.legal_hold_end e ON e.hold = h.id
            """;

    private final JdbcClient jdbc;

    RetentionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Rule rule) {
        jdbc.sql("""
                        INSERT INTO data.retention_rule (id, tenant_id, class, period, said, in_force, actor_kind, actor, at)
                        VALUES (:id, :tenant, :class, CAST(:period AS interval), :period, :force, :kind, :actor, :at)
                        """)
                .param("id", rule.id())
                .param("tenant", word(rule.tenant()))
                .param("class", rule.of().word())
                .param("period", rule.period() == null ? null : rule.period().toString())
                .param("force", at(rule.inForce()))
                .param("kind", rule.by().kind().word())
                .param("actor", rule.by().id())
                .param("at", at(rule.at()))
                .update();
    }

    /// Of each tenant and class the one that counts, and those that will; the oldest first. Of those in force the one
    /// that was decided last counts.
    List<Rule> rules(Instant now) {
        return jdbc.sql("""
                        SELECT id, tenant_id, class, said, in_force, actor_kind, actor, at
                        FROM data.retention_rule r
                        WHERE NOT EXISTS (
                            SELECT FROM data.retention_rule n
                            WHERE n.tenant_id IS NOT DISTINCT FROM r.tenant_id AND n.class = r.class
                              AND (n.at, n.id) > (r.at, r.id) AND n.in_force <= greatest(r.in_force, :now))
                        ORDER BY tenant_id NULLS FIRST, class, in_force
                        """).param("now", at(now)).query(RetentionStore::rule).list();
    }

    void add(Hold hold) {
        jdbc.sql("""
                        INSERT INTO data.legal_hold (id, tenant_id, reason, from_time, to_time, actor_kind, actor, at)
                        VALUES (:id, :tenant, :reason, :from, :to, :kind, :actor, :at)
                        """)
                .param("id", hold.id())
                .param("tenant", word(hold.tenant()))
                .param("reason", hold.reason())
                .param("from", maybe(hold.from()))
                .param("to", maybe(hold.to()))
                .param("kind", hold.by().kind().word())
                .param("actor", hold.by().id())
                .param("at", at(hold.at()))
                .update();
    }

    /// @return false if it had ended already
    boolean release(Hold hold, String reason, Actor by, Instant now) {
        return jdbc.sql("""
                        INSERT INTO data.legal_hold_end (hold, tenant_id, reason, actor_kind, actor, at)
                        VALUES (:hold, :tenant, :reason, :kind, :actor, :at)
                        ON CONFLICT (hold) DO NOTHING
                        """)
                        .param("hold", hold.id())
                        .param("tenant", word(hold.tenant()))
                        .param("reason", reason)
                        .param("kind", by.kind().word())
                        .param("actor", by.id())
                        .param("at", at(now))
                        .update()
                == 1;
    }

    Optional<Hold> hold(UUID id) {
        return jdbc.sql(HOLDS + "WHERE h.id = ?")
                .param(id)
                .query(RetentionStore::hold)
                .optional();
    }

    /// The newest first, at most `limit + 1`.
    List<Hold> holds(int limit, @Nullable Position before) {
        return before == null
                ? jdbc.sql(HOLDS + "ORDER BY h.at DESC, h.id DESC LIMIT ?")
                        .param(limit + 1)
                        .query(RetentionStore::hold)
                        .list()
                : jdbc.sql(HOLDS + "WHERE (h.at, h.id) < (?, ?) ORDER BY h.at DESC, h.id DESC LIMIT ?")
                        .params(at(before.at()), before.id(), limit + 1)
                        .query(RetentionStore::hold)
                        .list();
    }

    /// Takes away what the oldest entries say that the rules let go, by the database's clock.
    List<Expired> expire(int atMost) {
        return jdbc.sql("SELECT tenant, class, entries, newest FROM data.expire_entries(?)")
                .param(atMost)
                .query((row, i) -> new Expired(
                        tenant(row.getString("tenant")),
                        EntryClass.of(row.getString("class")).orElseThrow(),
                        row.getLong("entries"),
                        instant(row, "newest")))
                .list();
    }

    private static Rule rule(ResultSet row, int number) throws SQLException {
        var said = row.getString("said");
        return new Rule(
                row.getObject("id", UUID.class),
                tenant(row.getString("tenant_id")),
                EntryClass.of(row.getString("class")).orElseThrow(),
                said == null ? null : Period.parse(said),
                instant(row, "in_force"),
                new Actor(Actor.Kind.of(row.getString("actor_kind")), row.getString("actor"), null),
                instant(row, "at"));
    }

    private static Hold hold(ResultSet row, int number) throws SQLException {
        return new Hold(
                row.getObject("id", UUID.class),
                tenant(row.getString("tenant_id")),
                row.getString("reason"),
                maybe(row, "from_time"),
                maybe(row, "to_time"),
                new Actor(Actor.Kind.of(row.getString("actor_kind")), row.getString("actor"), null),
                instant(row, "at"),
                maybe(row, "released"),
                row.getString("release_reason"));
    }

    private static @Nullable TenantId tenant(@Nullable String word) {
        return word == null ? null : new TenantId(word);
    }

    private static @Nullable String word(@Nullable TenantId tenant) {
        return tenant == null ? null : tenant.value();
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
