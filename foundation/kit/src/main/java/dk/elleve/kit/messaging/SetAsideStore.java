package dk.elleve.kit.messaging;

import org.springframework.jdbc.core.simple.JdbcClient;

/// Messages that cannot be handled wait here for a person, with all that is needed to send them again.
public final class SetAsideStore {

    private final JdbcClient jdbc;

    SetAsideStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Keeps one message; keeping it twice changes nothing.
    ///
    /// @param position where it stood, such as `2@117` for partition and offset, or the outbox row it came from
    public void keep(String topic, String position, String headers, byte[] body, String reason) {
        jdbc.sql("""
                        INSERT INTO kit.set_aside (topic, position, headers, body, reason)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (topic, position) DO NOTHING
                        """).params(topic, position, headers, body, reason).update();
    }

    public long count() {
        return jdbc.sql("SELECT count(*) FROM kit.set_aside").query(Long.class).single();
    }
}
