package dk.elleve.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.Meanwhile;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class VerificationStoreTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("verification_store");
    }

    @Test
    void one_that_ends_while_another_is_ordered_does_not_answer_the_order() throws Exception {
        var database = BackupRig.catalogue("verification_store");
        new VerificationStore(JdbcClient.create(database)).queue("in-the-way", "42", "whole", "test", NOON);
        var ending = new Meanwhile(database, "UPDATE data.verification SET state = 'passed' WHERE id = 'in-the-way'");

        var ordered = new VerificationStore(JdbcClient.create(ending)).queue("ordered", "42", "sample", "test", NOON);

        assertThat(ordered.id()).isEqualTo("ordered");
        assertThat(ordered.state()).isEqualTo(Verification.State.QUEUED);
    }
}
