package dk.elleve.backup.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.Meanwhile;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class CatalogueStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("catalogue_store");
    }

    @Test
    void a_run_that_ends_while_another_is_ordered_does_not_answer_the_order() throws Exception {
        var database = BackupRig.catalogue("catalogue_store");
        new CatalogueStore(JdbcClient.create(database)).queue("in-the-way", "42", "full", "test", NOON);
        var ending = new Meanwhile(database, "UPDATE data.backup_run SET state = 'failed' WHERE id = 'in-the-way'");

        var ordered = new CatalogueStore(JdbcClient.create(ending)).queue("ordered", "42", "incremental", "test", NOON);

        assertThat(ordered.id()).isEqualTo("ordered");
        assertThat(ordered.state()).isEqualTo(Run.State.QUEUED);
    }
}
