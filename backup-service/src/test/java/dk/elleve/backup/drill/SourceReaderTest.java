package dk.elleve.backup.drill;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.OwnCluster;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SourceReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TABLE = "postgres.public.noted";

    /// A standby that is waited for and never comes holds a commit where it is in the log and seen by
    /// nobody. A slow disk does the same for some milliseconds.
    @Test
    void no_mark_is_taken_while_a_commit_is_in_the_log_and_not_to_be_seen() throws Exception {
        try (var cluster = new OwnCluster()) {
            cluster.sql(
                    "GRANT pg_read_all_data TO backup_wire",
                    "ALTER ROLE backup_wire BYPASSRLS",
                    "CREATE TABLE noted (id int)");
            var reader = new SourceReader(cluster.server());
            assertThat(reader.atOnePosition(PATIENCE, Clock.systemUTC())
                            .content()
                            .tables()
                            .get(TABLE))
                    .startsWith("0 ");
            cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            until("the setting is there", PATIENCE, () -> waitedFor(cluster), "nobody"::equals);
            var writer = CompletableFuture.runAsync(() -> write(cluster));
            until("it waits for the standby", PATIENCE, () -> waiting(cluster), "1"::equals);

            assertThatThrownBy(() -> reader.atOnePosition(Duration.ofMillis(300), Clock.systemUTC()))
                    .hasMessageContaining("no quiet moment");

            cluster.sql("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
            writer.get(60, TimeUnit.SECONDS);
            assertThat(reader.atOnePosition(PATIENCE, Clock.systemUTC())
                            .content()
                            .tables()
                            .get(TABLE))
                    .startsWith("1 ");
        }
    }

    private static void write(OwnCluster cluster) {
        try {
            cluster.sql("INSERT INTO noted VALUES (1)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String waitedFor(OwnCluster cluster) throws SQLException {
        return cluster.value("SHOW synchronous_standby_names");
    }

    private static String waiting(OwnCluster cluster) throws SQLException {
        return cluster.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
}
