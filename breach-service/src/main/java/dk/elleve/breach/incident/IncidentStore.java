package dk.elleve.breach.incident;

import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Cases in the database. Every call belongs into a transaction of the caller.
@Repository
class IncidentStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    IncidentStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /// @return false if there is an undecided case with that attach key already, perhaps by a transaction at the
    ///     same moment
    boolean insert(Incident incident) {
        return jdbc.sql("""
                        INSERT INTO data.incident (id, tenant_id, kind, title, severity, state, resource, attach_key, aware_at,
                                                   occurred_at, opened_at, last_finding_at, findings, facts, version)
                        VALUES (:id, :tenant, :kind, :title, :severity, :state, :resource, :key, :aware,
                                :occurred, :opened, :last, :findings, :facts::jsonb, :version)
                        ON CONFLICT (attach_key) DO NOTHING
                        """)
                        .param("id", incident.id())
                        .param("tenant", tenant(incident), Types.VARCHAR)
                        .param("kind", incident.kind())
                        .param("title", incident.title(), Types.VARCHAR)
                        .param("severity", word(incident.severity()))
                        .param("state", incident.state().word())
                        .param("resource", incident.resource(), Types.VARCHAR)
                        .param("key", incident.attachKey(), Types.VARCHAR)
                        .param("aware", at(incident.awareAt()))
                        .param("occurred", at(incident.occurredAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("opened", at(incident.openedAt()))
                        .param("last", at(incident.lastFindingAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                        .param("findings", incident.findings())
                        .param("facts", json.writeValueAsString(incident.facts()))
                        .param("version", incident.version())
                        .update()
                == 1;
    }

    /// Writes a case over the one that was locked.
    void update(Incident incident) {
        var decision = incident.decision();
        var closure = incident.closure();
        jdbc.sql("""
                        UPDATE data.incident
                        SET severity = :severity, state = :state, attach_key = :key, last_finding_at = :last,
                            findings = :findings, facts = :facts::jsonb, version = :version,
                            decided_at = :decidedAt, decided_by = :decidedBy, decision_authority = :authority,
                            decision_subjects = :subjects, decision_reason = :reason,
                            closed_at = :closedAt, closed_by = :closedBy, effects = :effects, remedial_action = :remedy,
                            authority_told_at = :told
                        WHERE id = :id
                        """)
                .param("id", incident.id())
                .param("told", at(incident.authorityToldAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("severity", word(incident.severity()))
                .param("state", incident.state().word())
                .param("key", incident.attachKey(), Types.VARCHAR)
                .param("last", at(incident.lastFindingAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("findings", incident.findings())
                .param("facts", json.writeValueAsString(incident.facts()))
                .param("version", incident.version())
                .param("decidedAt", decision == null ? null : at(decision.decidedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("decidedBy", decision == null ? null : decision.decidedBy(), Types.VARCHAR)
                .param("authority", decision == null ? null : decision.notifyAuthority(), Types.BOOLEAN)
                .param("subjects", decision == null ? null : decision.notifySubjects(), Types.BOOLEAN)
                .param("reason", decision == null ? null : decision.reason(), Types.VARCHAR)
                .param("closedAt", closure == null ? null : at(closure.closedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("closedBy", closure == null ? null : closure.closedBy(), Types.VARCHAR)
                .param("effects", closure == null ? null : closure.effects(), Types.VARCHAR)
                .param("remedy", closure == null ? null : closure.remedialAction(), Types.VARCHAR)
                .update();
    }

    Optional<Incident> find(String id) {
        return jdbc.sql("SELECT * FROM data.incident WHERE id = ?")
                .param(id)
                .query(this::incident)
                .optional();
    }

    /// The case, held against every other writer until the transaction ends.
    Optional<Incident> lock(String id) {
        return jdbc.sql("SELECT * FROM data.incident WHERE id = ? FOR UPDATE")
                .param(id)
                .query(this::incident)
                .optional();
    }

    Optional<Incident> lockAttached(String attachKey) {
        return jdbc.sql("SELECT * FROM data.incident WHERE attach_key = ? FOR UPDATE")
                .param(attachKey)
                .query(this::incident)
                .optional();
    }

    /// Every case that is not closed.
    List<Incident> unclosed() {
        return jdbc.sql("SELECT * FROM data.incident WHERE state <> 'closed'")
                .query(this::incident)
                .list();
    }

    /// Cases, closed ones too, of which the authority was told later than so many hours after awareness.
    long toldLate(Duration limit) {
        return jdbc.sql("""
                        SELECT count(*)
                        FROM data.incident
                        WHERE authority_told_at > aware_at + make_interval(secs => ?)
                        """).param((double) limit.toSeconds()).query(Long.class).single();
    }

    /// Newest first.
    List<Incident> page(Set<Incident.State> states, Incident.@Nullable Position before, int limit) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.incident
                        WHERE state IN (:states)
                          AND (:at::timestamptz IS NULL OR (opened_at, id) < (:at, :id))
                        ORDER BY opened_at DESC, id DESC
                        LIMIT :limit
                        """)
                .param("states", states.stream().map(Incident.State::word).toList())
                .param("at", before == null ? null : at(before.openedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", before == null ? null : before.id(), Types.VARCHAR)
                .param("limit", limit + 1)
                .query(this::incident)
                .list();
    }

    private Incident incident(ResultSet row, int index) throws SQLException {
        var tenant = row.getString("tenant_id");
        var decidedAt = instant(row, "decided_at");
        var closedAt = instant(row, "closed_at");
        return new Incident(
                row.getString("id"),
                tenant == null ? null : new TenantId(tenant),
                row.getString("kind"),
                row.getString("title"),
                Finding.Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                Incident.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("resource"),
                row.getString("attach_key"),
                row.getObject("aware_at", OffsetDateTime.class).toInstant(),
                instant(row, "occurred_at"),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                instant(row, "last_finding_at"),
                row.getInt("findings"),
                json.readValue(row.getString("facts"), ObjectNode.class),
                decidedAt == null
                        ? null
                        : new Decision(
                                row.getBoolean("decision_authority"),
                                row.getBoolean("decision_subjects"),
                                row.getString("decision_reason"),
                                decidedAt,
                                row.getString("decided_by")),
                closedAt == null
                        ? null
                        : new Incident.Closure(
                                row.getString("effects"),
                                row.getString("remedial_action"),
                                closedAt,
                                row.getString("closed_by")),
                instant(row, "authority_told_at"),
                row.getLong("version"));
    }

    private static @Nullable String tenant(Incident incident) {
        var tenant = incident.tenant();
        return tenant == null ? null : tenant.value();
    }

    private static String word(Finding.Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
