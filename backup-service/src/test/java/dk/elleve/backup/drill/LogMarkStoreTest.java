package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LogMarkStoreTest {

    private static final String DATABASE = "log_mark_store";
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Table KNOWN = new Table("account", 3, "c0ffee");
    private static final Table WITHOUT_BEGINNING = new Table("note", -1, null);

    private static JdbcClient jdbc;
    private static LogMarkStore store;

    @BeforeAll
    static void migrate() throws Exception {
        jdbc = JdbcClient.create(BackupRig.catalogue(DATABASE));
        store = new LogMarkStore(jdbc);
    }

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget(DATABASE);
    }

    @BeforeEach
    void empty() throws Exception {
        BackupRig.sql(DATABASE, "TRUNCATE data.log_mark, data.backup_run", """
                INSERT INTO data.backup_run (id, cluster, kind, state, cause, requested_at, finished_at)
                VALUES ('b', '42', 'full', 'completed', 'test', '2026-11-29T10:00:00Z', '2026-11-29T11:00:00Z')
                """);
    }

    private static TablesTallied tallied(String cluster, int position, String database, Table... tables) {
        return new TablesTallied(
                cluster,
                1,
                database,
                new Lsn(position).toString(),
                NOON.plus(Duration.ofDays(position)),
                "key-1",
                true,
                List.of(tables));
    }

    private static Moment.At at(int position) {
        return new Moment.At(1, new Lsn(position));
    }

    @Test
    void all_databases_of_one_position_are_one_moment() {
        store.add(tallied("42", 1, "one", KNOWN));
        store.add(tallied("42", 1, "two", WITHOUT_BEGINNING));

        assertThat(store.comparable("42", "key-1")).containsExactly(at(1));
        assertThat(store.find("42", at(1), "key-1"))
                .contains(new LogMark(
                        at(1),
                        NOON.plus(Duration.ofDays(1)),
                        List.of(
                                new LogMark.Database("one", true, List.of(KNOWN)),
                                new LogMark.Database("two", true, List.of(WITHOUT_BEGINNING)))));
    }

    @Test
    void what_was_said_first_of_a_moment_stays() {
        store.add(tallied("42", 1, "one", KNOWN));
        store.add(tallied("42", 1, "one", WITHOUT_BEGINNING));

        assertThat(store.find("42", at(1), "key-1").orElseThrow().databases())
                .containsExactly(new LogMark.Database("one", true, List.of(KNOWN)));
    }

    @Test
    void a_moment_is_offered_when_a_table_can_be_compared_under_the_key_and_a_backup_is_older() {
        store.add(tallied("42", 1, "one", WITHOUT_BEGINNING));
        store.add(tallied("43", 2, "one", KNOWN));
        store.add(tallied("42", -1, "one", KNOWN));

        assertThat(store.comparable("42", "key-1")).isEmpty();

        store.add(tallied("42", 3, "one", KNOWN));
        assertThat(store.comparable("42", "key-1")).containsExactly(at(3));
        assertThat(store.comparable("42", "key-2")).isEmpty();
        assertThat(store.find("42", at(3), "key-2")).isEmpty();
    }

    @Test
    void a_cluster_that_is_not_known_yet_has_its_tallies_when_it_comes() {
        store.add(tallied("44", 1, "one", KNOWN));

        assertThat(store.knows("44")).isTrue();
        assertThat(store.knows("45")).isFalse();
    }

    @Test
    void the_newest_64_positions_of_a_cluster_are_kept_and_its_neighbours_left_alone() {
        store.add(tallied("43", 1, "one", KNOWN));
        for (int position = 1; position <= 66; position++) {
            store.add(tallied("42", position, "one", KNOWN));
            store.add(tallied("42", position, "two", KNOWN));
        }

        var kept = store.comparable("42", "key-1");

        assertThat(kept).hasSize(64).startsWith(at(66)).endsWith(at(3));
        assertThat(store.find("42", at(3), "key-1").orElseThrow().databases()).hasSize(2);
        assertThat(store.find("42", at(2), "key-1")).isEmpty();
        assertThat(store.knows("43")).isTrue();
    }

    @Test
    void a_drill_that_waits_answers_no_order_of_another_comparison() {
        var drills = new DrillStore(jdbc);

        var bySource = drills.queue("d-1", "42", "requested", ComparedWith.SOURCE, NOON);
        var byLog = drills.queue("d-2", "42", "requested", ComparedWith.LOG, NOON.plusSeconds(1));
        var again = drills.queue("d-3", "42", "requested", ComparedWith.LOG, NOON.plusSeconds(2));

        assertThat(bySource.id()).isEqualTo("d-1");
        assertThat(byLog.id()).isEqualTo("d-2");
        assertThat(again).isEqualTo(byLog);
        assertThat(drills.queued("42")).containsExactly(bySource, byLog);
    }
}
