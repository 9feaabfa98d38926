package dk.elleve.audit.siem;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// How far each receiver has been sent the log, and which instance sends. The calls about positions
/// belong into a transaction of the caller.
@Repository
class SiemStore {

    private static final Logger log = LoggerFactory.getLogger(SiemStore.class);

    private final JdbcClient jdbc;
    private final DataSource dataSource;

    SiemStore(JdbcClient jdbc, DataSource dataSource) {
        this.jdbc = jdbc;
        this.dataSource = dataSource;
    }

    Optional<Position> position(String destination) {
        return jdbc.sql("SELECT sent, resume FROM data.siem_position WHERE destination = ?")
                .param(destination)
                .query((row, i) -> new Position(row.getLong(1), row.getLong(2)))
                .optional();
    }

    void begin(String destination, Position position) {
        jdbc.sql("INSERT INTO data.siem_position (destination, sent, resume) VALUES (?, ?, ?)")
                .params(destination, position.sent(), position.resume())
                .update();
    }

    /// @return whether nobody else had moved it meanwhile
    boolean move(String destination, Position before, Position now) {
        return jdbc.sql("""
                        UPDATE data.siem_position
                        SET sent = ?, resume = ?
                        WHERE destination = ? AND sent = ? AND resume = ?
                        """)
                        .params(now.sent(), now.resume(), destination, before.sent(), before.resume())
                        .update()
                == 1;
    }

    /// The right to send, which one instance has at a time.
    Lead lead() {
        return new Lead();
    }

    /// Lies on a connection of its own and ends with it: an instance that dies, or loses the
    /// database, leads no more. Many threads may ask.
    final class Lead implements AutoCloseable {

        private @Nullable Connection holder;

        /// Whether this instance may send; takes the right if nobody has it.
        synchronized boolean held() {
            try {
                if (holder != null && holder.isValid(5)) {
                    return true;
                }
                close();
                var connection = dataSource.getConnection();
                if (!locked(connection, "pg_try_advisory_lock(hashtext('audit.siem'))")) {
                    connection.close();
                    return false;
                }
                holder = connection;
                return true;
            } catch (SQLException away) {
                throw new IllegalStateException("It cannot be found out who sends the log", away);
            }
        }

        /// Gives it to another instance.
        @Override
        public synchronized void close() {
            var connection = holder;
            holder = null;
            if (connection == null) {
                return;
            }
            try (connection) {
                // It goes back to the pool, where nobody may hold the lock by accident.
                locked(connection, "pg_advisory_unlock(hashtext('audit.siem'))");
            } catch (SQLException broken) {
                log.info("The lock of the senders went with its connection: {}", broken.getMessage());
            }
        }

        private static boolean locked(Connection connection, String call) throws SQLException {
            try (var sql = connection.createStatement();
                    var answer = sql.executeQuery("SELECT " + call)) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }
}
