package dk.elleve.breach.finding;

import dk.elleve.contracts.Finding;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/// Findings as they were heard. Every call belongs into a transaction of the caller.
@Repository
class FindingStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    FindingStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    boolean knows(String id) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.finding WHERE id = ?)")
                .param(id)
                .query(Boolean.class)
                .single();
    }

    void insert(Finding finding, String incident, String source, Instant heardAt) {
        var tenant = finding.tenant();
        var occurredAt = finding.occurredAt();
        jdbc.sql("""
                        INSERT INTO data.finding (id, tenant_id, incident_id, source, kind, severity, resource, detected_at,
                                                  occurred_at, heard_at, facts)
                        VALUES (:id, :tenant, :incident, :source, :kind, :severity, :resource, :detected,
                                :occurred, :heard, :facts::jsonb)
                        """)
                .param("id", finding.id())
                .param("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .param("incident", incident)
                .param("source", source)
                .param("kind", finding.kind())
                .param("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                .param("resource", finding.resource())
                .param("detected", finding.detectedAt().atOffset(ZoneOffset.UTC))
                .param(
                        "occurred",
                        occurredAt == null ? null : occurredAt.atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("heard", heardAt.atOffset(ZoneOffset.UTC))
                .param("facts", json.writeValueAsString(finding.facts()))
                .update();
    }
}
