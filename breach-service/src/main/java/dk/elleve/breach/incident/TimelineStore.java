package dk.elleve.breach.incident;

import dk.elleve.contracts.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What happened in the cases. Rows are only ever added. Every call belongs into a transaction of the caller.
@Repository
class TimelineStore {

    private static final TypeReference<Map<String, String>> DETAIL = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper json;

    TimelineStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void add(Incident incident, String id, Instant at, String kind, Actor actor, Map<String, String> detail) {
        var tenant = incident.tenant();
        jdbc.sql("""
                        INSERT INTO data.timeline (id, incident_id, tenant_id, at, kind, actor_kind, actor_id, detail)
                        VALUES (:id, :incident, :tenant, :at, :kind, :actorKind, :actorId, :detail::jsonb)
                        """)
                .param("id", id)
                .param("incident", incident.id())
                .param("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("kind", kind)
                .param("actorKind", actor.kind().word())
                .param("actorId", actor.id())
                .param("detail", json.writeValueAsString(detail))
                .update();
    }

    /// In the order in which it happened.
    List<TimelineEntry> page(String incident, @Nullable String after, int limit) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.timeline
                        WHERE incident_id = :incident AND (:after::text IS NULL OR id > :after)
                        ORDER BY id
                        LIMIT :limit
                        """)
                .param("incident", incident)
                .param("after", after, Types.VARCHAR)
                .param("limit", limit + 1)
                .query(this::entry)
                .list();
    }

    private TimelineEntry entry(ResultSet row, int index) throws SQLException {
        return new TimelineEntry(
                row.getString("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("kind"),
                Actor.Kind.of(row.getString("actor_kind")),
                row.getString("actor_id"),
                json.readValue(row.getString("detail"), DETAIL));
    }
}
