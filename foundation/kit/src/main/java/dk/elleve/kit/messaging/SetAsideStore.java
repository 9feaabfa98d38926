package dk.elleve.kit.messaging;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Messages that cannot be handled wait here for a person, with all that is needed to put them before their listener
/// again. A row is `waiting`, `asked` (somebody wants it replayed) or `replayed`.
public final class SetAsideStore {

    /// A row that somebody wants replayed.
    ///
    /// @param position where the message stood: partition and offset, or the outbox row it came from
    /// @param tries how often its replay failed since it was asked for
    record Asked(
            long id,
            String topic,
            String position,
            @Nullable String key,
            String headers,
            byte[] body,
            int tries) {

        /// Whether this service could not send it; otherwise it is one that the service could not take.
        boolean isOurs() {
            return position.startsWith(OUTBOX);
        }
    }

    private static final Measure SET_ASIDE =
            new Measure("elleve.messages.set.aside", "Messages set aside since the start, by topic");

    private static final String OUTBOX = "outbox@";

    private final JdbcClient jdbc;
    private final DataSource dataSource;
    private final MeterRegistry meters;

    SetAsideStore(JdbcClient jdbc, DataSource dataSource, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
        this.meters = meters;
        // At 0 from now on, so that the first one is seen as a step.
        Arrays.stream(Topic.values()).forEach(topic -> SET_ASIDE.counter(meters, "topic", topic.wireName()));
    }

    /// Keeps and counts one message; keeping it twice changes nothing.
    ///
    /// @param position where it stood, such as `2@117` for partition and offset
    void keep(String topic, String position, @Nullable String key, String headers, byte[] body, String reason) {
        var kept = jdbc.sql("""
            INSERT INTO kit.set_aside (topic, position, key, headers, body, reason)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (topic, position) DO NOTHING
            """)
                .param(topic)
                .param(position)
                .param(key)
                .param(headers)
                .param(body)
                .param(reason)
                .update();
        if (kept > 0) {
            SET_ASIDE.counter(meters, "topic", topic).increment();
        }
    }

    /// Keeps an event that Kafka never takes.
    ///
    /// @param sequence the outbox row it came from
    public void keep(Envelope event, long sequence, String reason) {
        keep(
                event.topic().wireName(),
                OUTBOX + sequence,
                event.key(),
                HeaderLines.of(Envelopes.record(event).headers()),
                event.body(),
                reason);
    }

    /// How many were set aside and not replayed yet.
    public long count() {
        return jdbc.sql("SELECT count(*) FROM kit.set_aside WHERE state <> 'replayed'")
                .query(Long.class)
                .single();
    }

    boolean isAsked() {
        return jdbc.sql("SELECT EXISTS (SELECT FROM kit.set_aside WHERE state = 'asked')")
                .query(Boolean.class)
                .single();
    }

    /// The oldest that somebody wants replayed: messages are replayed in the order in which they were set aside.
    Optional<Asked> nextAsked() {
        return jdbc.sql("""
            SELECT id, topic, position, key, headers, body, tries
            FROM kit.set_aside
            WHERE state = 'asked'
            ORDER BY id
            LIMIT 1
            """).query(SetAsideStore::asked).optional();
    }

    void replayed(long id) {
        jdbc.sql("UPDATE kit.set_aside SET state = 'replayed', replayed_at = now() WHERE id = ?")
                .param(id)
                .update();
    }

    /// It failed, and something else than the message may be the reason: it stays asked.
    void failed(long id) {
        jdbc.sql("UPDATE kit.set_aside SET tries = tries + 1 WHERE id = ?")
                .param(id)
                .update();
    }

    /// It cannot be handled still. Those of its key that are asked for and come after it wait with it, so that none
    /// overtakes it.
    ///
    /// @return how many wait because of it
    int backToWaiting(Asked row, String reason) {
        // These first: a death in between leaves a row that is tried again, and none that overtakes it.
        int behind = row.key() == null
                ? 0
                : jdbc.sql("""
                    UPDATE kit.set_aside SET state = 'waiting', tries = 0
                    WHERE state = 'asked' AND topic = ? AND key = ? AND id > ?
                    """).params(row.topic(), row.key(), row.id()).update();
        jdbc.sql("UPDATE kit.set_aside SET state = 'waiting', tries = 0, reason = ? WHERE id = ?")
                .params(reason, row.id())
                .update();
        return behind;
    }

    int forgetReplayed() {
        return jdbc.sql("""
                        DELETE FROM kit.set_aside
                        WHERE state = 'replayed' AND replayed_at < now() - interval '30 days'
                        """).update();
    }

    /// Runs `work` in one instance of the service at a time; where another one works, does nothing. The lock lies on a
    /// connection of its own, outside every transaction of the work, and ends with this process.
    void alone(Runnable work) {
        try (var connection = dataSource.getConnection();
                var sql = connection.createStatement()) {
            try (var locked = sql.executeQuery("SELECT pg_try_advisory_lock(hashtext('kit.set_aside'))")) {
                locked.next();
                if (!locked.getBoolean(1)) {
                    return;
                }
            }
            try {
                work.run();
            } finally {
                sql.execute("SELECT pg_advisory_unlock(hashtext('kit.set_aside'))");
            }
        } catch (SQLException away) {
            throw new IllegalStateException("The messages that were set aside cannot be replayed now", away);
        }
    }

    private static Asked asked(ResultSet row, int index) throws SQLException {
        return new Asked(
                row.getLong("id"),
                row.getString("topic"),
                row.getString("position"),
                row.getString("key"),
                row.getString("headers"),
                row.getBytes("body"),
                row.getInt("tries"));
    }
}
