package dk.elleve.backup.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.Meanwhile;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class CatalogueStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private static DataSource database;

    @BeforeAll
    static void migrate() throws Exception {
        database = BackupRig.catalogue("catalogue_store");
    }

    @BeforeEach
    void empty() throws Exception {
        BackupRig.sql("catalogue_store", "TRUNCATE data.backup_run");
    }

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("catalogue_store");
    }

    @Test
    void a_run_that_ends_while_another_is_ordered_does_not_answer_the_order() throws Exception {
        new CatalogueStore(JdbcClient.create(database)).queue("in-the-way", "42", "full", "test", NOON);
        var ending = new Meanwhile(database, "UPDATE data.backup_run SET state = 'failed' WHERE id = 'in-the-way'");

        var ordered = new CatalogueStore(JdbcClient.create(ending)).queue("ordered", "42", "incremental", "test", NOON);

        assertThat(ordered.id()).isEqualTo("ordered");
        assertThat(ordered.state()).isEqualTo(Run.State.QUEUED);
    }

    @Test
    void a_full_backup_that_was_found_damaged_is_none_to_stand_on() throws Exception {
        BackupRig.sql("catalogue_store", """
                INSERT INTO data.backup_run (id, cluster, kind, state, cause, requested_at, finished_at)
                VALUES ('older', '42', 'full', 'completed', 'test', '2026-11-22T10:00:00Z', '2026-11-22T11:00:00Z'),
                       ('newer', '42', 'full', 'completed', 'test', '2026-11-29T10:00:00Z', '2026-11-29T11:00:00Z')
                """);
        var store = new CatalogueStore(JdbcClient.create(database));
        assertThat(store.newestFull("42")).map(Run::id).contains("newer");

        store.damaged("newer", "a pack is missing");
        assertThat(store.newestFull("42")).map(Run::id).contains("older");

        store.damaged("older", "a pack is missing");
        assertThat(store.newestFull("42")).isEmpty();
    }
}
