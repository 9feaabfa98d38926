package dk.elleve.breach.notice;

import dk.elleve.breach.incident.Incident;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Mails that wait and mails that were sent. Every call belongs into a transaction of the caller.
@Repository
class MailStore {

    /// @param further whether the case was told of before
    record Mail(String id, String incident, boolean further, int attempts) {}

    private final JdbcClient jdbc;

    MailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Nothing happens if a mail of the case waits already: that one will tell of this too.
    void queue(String id, Incident incident, boolean further, Instant now, Instant dueAt) {
        var tenant = incident.tenant();
        jdbc.sql("""
                        INSERT INTO data.mail (id, incident_id, tenant_id, kind, created_at, due_at)
                        VALUES (:id, :incident, :tenant, :kind, :now, :due)
                        ON CONFLICT (incident_id) WHERE sent_at IS NULL DO NOTHING
                        """)
                .param("id", id)
                .param("incident", incident.id())
                .param("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .param("kind", further ? "more" : "opened")
                .param("now", at(now))
                .param("due", at(dueAt))
                .update();
    }

    Optional<Instant> lastSent(String incident) {
        return jdbc.sql("""
                        SELECT sent_at
                        FROM data.mail
                        WHERE incident_id = ? AND sent_at IS NOT NULL
                        ORDER BY sent_at DESC
                        LIMIT 1
                        """)
                .param(incident)
                .query((row, i) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .optional();
    }

    /// @param oldestAt when the mail that waits longest was asked for
    record Backlog(long mails, Optional<Instant> oldestAt) {}

    Backlog backlog() {
        return jdbc.sql("SELECT count(*), min(created_at) FROM data.mail WHERE sent_at IS NULL")
                .query((row, i) -> new Backlog(
                        row.getLong(1),
                        Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)))
                .single();
    }

    boolean anyDue(Instant now) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.mail WHERE sent_at IS NULL AND due_at <= ?)")
                .param(at(now))
                .query(Boolean.class)
                .single();
    }

    /// The mail that has been due longest, held until the transaction ends; those that others hold are passed over.
    Optional<Mail> claim(Instant now) {
        return jdbc.sql("""
                        SELECT id, incident_id, kind, attempts
                        FROM data.mail
                        WHERE sent_at IS NULL AND due_at <= ?
                        ORDER BY due_at
                        LIMIT 1
                        FOR UPDATE SKIP LOCKED
                        """)
                .param(at(now))
                .query((row, i) -> new Mail(
                        row.getString("id"),
                        row.getString("incident_id"),
                        row.getString("kind").equals("more"),
                        row.getInt("attempts")))
                .optional();
    }

    void sent(String id, Instant now) {
        jdbc.sql("UPDATE data.mail SET sent_at = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?")
                .params(at(now), id)
                .update();
    }

    void failed(String id, String error, Instant dueAt) {
        jdbc.sql("UPDATE data.mail SET attempts = attempts + 1, last_error = ?, due_at = ? WHERE id = ?")
                .params(error, at(dueAt), id)
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
