package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.kit.test.Rig;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class MarkStoreTest {

    private static final String DATABASE = "mark_store";
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofDays(1000));

    private static MarkStore store;

    @BeforeAll
    static void migrate() throws Exception {
        store = new MarkStore(JdbcClient.create(BackupRig.catalogue(DATABASE)));
    }

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget(DATABASE);
    }

    @BeforeEach
    void empty() throws Exception {
        BackupRig.sql(DATABASE, "TRUNCATE data.content_mark");
    }

    /// @param day after noon
    private static Mark mark(int timeline, int position, int day, String rows) {
        return new Mark(at(timeline, position), NOON.plus(Duration.ofDays(day)), new Content(Map.of("db.t", rows)));
    }

    private static Moment.At at(int timeline, int position) {
        return new Moment.At(timeline, new Lsn(position));
    }

    @Test
    void the_same_position_of_two_timelines_is_two_moments() {
        var before = mark(1, 100, 0, "3 7");
        var after = mark(2, 100, 1, "4 9");
        store.add("42", before);
        store.add("42", after);
        store.add("42", mark(2, 100, 2, "5 1"));

        assertThat(store.moments("42", LATER)).containsExactly(at(2, 100), at(1, 100));
        assertThat(store.find("42", at(1, 100))).contains(before);
        assertThat(store.find("42", at(2, 100))).as("what was said first stays").contains(after);
        assertThat(store.find("42", at(3, 100))).isEmpty();
        assertThat(store.find("43", at(1, 100))).isEmpty();
    }

    @Test
    void only_what_was_marked_before_a_moment_is_offered_newest_first() {
        store.add("42", mark(1, 100, 0, "3 7"));
        store.add("42", mark(2, 90, 1, "4 9"));

        assertThat(store.moments("42", NOON)).isEmpty();
        assertThat(store.moments("42", NOON.plusSeconds(1))).containsExactly(at(1, 100));
        assertThat(store.newest("42")).contains(NOON.plus(Duration.ofDays(1)));
    }

    @Test
    void the_newest_64_marks_of_a_cluster_are_kept_and_its_neighbours_left_alone() {
        store.add("43", mark(1, 1, 0, "1 1"));
        for (int day = 1; day <= 66; day++) {
            store.add("42", mark(day, 100, day, "1 1"));
        }

        assertThat(store.moments("42", LATER))
                .hasSize(64)
                .startsWith(at(66, 100))
                .endsWith(at(3, 100));
        assertThat(store.moments("43", LATER)).hasSize(1);
    }

    @Test
    void a_mark_from_before_timelines_were_kept_counts_for_the_first() throws Exception {
        var older = "mark_store_older";
        BackupRig.database(older);
        try {
            BackupRig.sql(older, "CREATE SCHEMA data", "CREATE SCHEMA kit");
            var database = Flyway.configure()
                    .dataSource(Rig.postgres().superuser(older))
                    .locations("classpath:db/kit", "classpath:db/migration")
                    .defaultSchema("kit")
                    .schemas("kit")
                    .outOfOrder(true);
            database.target("7").load().migrate();
            BackupRig.sql(older, """
                    INSERT INTO data.content_mark (cluster, position, taken_at, tables)
                    VALUES ('42', '0/64', '2026-11-29T12:00:00Z', '{"db.t": "3 7"}')
                    """);

            database.target("latest").load().migrate();

            assertThat(new MarkStore(JdbcClient.create(Rig.postgres().superuser(older))).find("42", at(1, 100)))
                    .contains(mark(1, 100, 0, "3 7"));
        } finally {
            BackupRig.forget(older);
        }
    }
}
