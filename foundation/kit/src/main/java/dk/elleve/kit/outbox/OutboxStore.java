package dk.elleve.kit.outbox;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.messaging.Envelope;
import dk.elleve.kit.messaging.Envelopes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

final class OutboxStore implements Outbox {

    /// A row that waits to be sent.
    record Waiting(long sequence, Envelope event) {}

    private final JdbcClient jdbc;
    private final Envelopes envelopes;
    private final Signal signal;

    OutboxStore(JdbcClient jdbc, Envelopes envelopes, Signal signal) {
        this.jdbc = jdbc;
        this.envelopes = envelopes;
        this.signal = signal;
    }

    @Override
    public void add(Topic topic, String key, @Nullable TenantId tenant, Event event) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("News is added inside the transaction that makes the change");
        }
        var e = envelopes.pack(topic, key, tenant, event);
        jdbc.sql("""
                        INSERT INTO kit.outbox (id, source, type, at, tenant, traceparent, topic, key, body)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .param(e.id())
                .param(e.source())
                .param(e.type())
                .param(OffsetDateTime.ofInstant(e.time(), ZoneOffset.UTC))
                .param(tenant == null ? null : tenant.value())
                .param(e.traceparent())
                .param(topic.wireName())
                .param(key)
                .param(e.body())
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise();
            }
        });
    }

    /// Whether this transaction is the one that may send now; the lock ends with the transaction.
    boolean tryLead() {
        return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('kit.outbox'))")
                .query(Boolean.class)
                .single();
    }

    /// @param oldestAge zero where nothing waits
    record Backlog(long events, Duration oldestAge) {}

    Backlog backlog() {
        return jdbc.sql("""
                        SELECT count(*), coalesce(1000 * extract(epoch FROM clock_timestamp() - min(at)), 0)
                        FROM kit.outbox
                        """)
                .query((row, i) -> new Backlog(row.getLong(1), Duration.ofMillis(Math.max(0, row.getLong(2)))))
                .single();
    }

    List<Waiting> oldest(int limit) {
        return jdbc.sql("""
                        SELECT sequence, id, source, type, at, tenant, traceparent, topic, key, body
                        FROM kit.outbox
                        ORDER BY sequence
                        LIMIT ?
                        """).param(limit).query(OutboxStore::waiting).list();
    }

    void remove(List<Long> sequences) {
        jdbc.sql("DELETE FROM kit.outbox WHERE sequence = ANY (?)")
                .param(sequences.toArray(Long[]::new))
                .update();
    }

    private static Waiting waiting(ResultSet row, int index) throws SQLException {
        var tenant = row.getString("tenant");
        return new Waiting(
                row.getLong("sequence"),
                new Envelope(
                        row.getString("id"),
                        row.getString("source"),
                        row.getString("type"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        tenant == null ? null : new TenantId(tenant),
                        row.getString("traceparent"),
                        Topic.named(row.getString("topic")),
                        row.getString("key"),
                        row.getBytes("body")));
    }
}
