package dk.elleve.breach.notice;

import dk.elleve.breach.Text;
import dk.elleve.breach.incident.Incident;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Notices in the database. Every call belongs into a transaction of the caller, which holds the case.
@Repository
class NoticeStore {

    private final JdbcClient jdbc;

    NoticeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    int nextNumber(String incident) {
        return jdbc.sql("SELECT coalesce(max(number), 0) + 1 FROM data.notice WHERE incident_id = ?")
                .param(incident)
                .query(Integer.class)
                .single();
    }

    void insert(Incident incident, Notice notice) {
        var tenant = incident.tenant();
        jdbc.sql("""
                        INSERT INTO data.notice (incident_id, number, tenant_id, audience, text_da, text_en, created_at, created_by)
                        VALUES (:incident, :number, :tenant, :audience, :da, :en, :at, :by)
                        """)
                .param("incident", incident.id())
                .param("number", notice.number())
                .param("tenant", tenant == null ? null : tenant.value(), Types.VARCHAR)
                .param("audience", notice.audience().word())
                .param("da", notice.text().da())
                .param("en", notice.text().en())
                .param("at", at(notice.createdAt()))
                .param("by", notice.createdBy())
                .update();
    }

    void sent(String incident, int number, Notice.Receipt receipt) {
        jdbc.sql("""
                        UPDATE data.notice
                        SET sent_at = :sent, channel = :channel, reference = :reference, receipt_sha256 = :sha256,
                            reason_for_delay = :delay, receipt_by = :by, receipt_at = :at
                        WHERE incident_id = :incident AND number = :number
                        """)
                .param("incident", incident)
                .param("number", number)
                .param("sent", at(receipt.sentAt()))
                .param("channel", receipt.channel())
                .param("reference", receipt.reference(), Types.VARCHAR)
                .param("sha256", receipt.sha256(), Types.VARCHAR)
                .param("delay", receipt.reasonForDelay(), Types.VARCHAR)
                .param("by", receipt.recordedBy())
                .param("at", at(receipt.recordedAt()))
                .update();
    }

    Optional<Notice> find(String incident, int number) {
        return jdbc.sql("SELECT * FROM data.notice WHERE incident_id = ? AND number = ?")
                .params(incident, number)
                .query(NoticeStore::notice)
                .optional();
    }

    List<Notice> page(String incident, int after, int limit) {
        return jdbc.sql("""
                        SELECT *
                        FROM data.notice
                        WHERE incident_id = ? AND number > ?
                        ORDER BY number
                        LIMIT ?
                        """)
                .params(incident, after, limit + 1)
                .query(NoticeStore::notice)
                .list();
    }

    boolean isSent(String incident, Notice.Audience audience) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT FROM data.notice
                                       WHERE incident_id = ? AND audience = ? AND sent_at IS NOT NULL)
                        """)
                .params(incident, audience.word())
                .query(Boolean.class)
                .single();
    }

    private static Notice notice(ResultSet row, int index) throws SQLException {
        var sentAt = row.getObject("sent_at", OffsetDateTime.class);
        return new Notice(
                row.getInt("number"),
                Notice.Audience.valueOf(row.getString("audience").toUpperCase(Locale.ROOT)),
                new Text(row.getString("text_da"), row.getString("text_en")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                sentAt == null
                        ? null
                        : new Notice.Receipt(
                                sentAt.toInstant(),
                                row.getString("channel"),
                                row.getString("reference"),
                                row.getString("receipt_sha256"),
                                row.getString("reason_for_delay"),
                                row.getString("receipt_by"),
                                row.getObject("receipt_at", OffsetDateTime.class)
                                        .toInstant()));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
