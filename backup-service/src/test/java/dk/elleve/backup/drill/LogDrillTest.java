package dk.elleve.backup.drill;

import static dk.elleve.backup.BackupRig.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.SignedLog;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.test.Rig;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignerKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The audit log that comes back with a copy must be what was signed. A copy like its source is not enough: what was
/// changed in the source by somebody who may do anything there comes back as faithfully as the rest.
class LogDrillTest {

    private static final String DATABASE = "drilled_log";
    private static final MemoryVault VAULT = new MemoryVault();
    private static final SignerKey KEY = key();
    private static final SignerKey STRANGER = key();

    /// Its own undoing.
    private static final String CHANGE_LEAF =
            "UPDATE data.leaf SET bytes = set_byte(bytes, 140, get_byte(bytes, 140) # 1) WHERE index = 270";

    private static SignedLog log;
    private static WalShipper wal;

    @BeforeAll
    static void backUpALog() throws Exception {
        log = SignedLog.in(DATABASE, KEY);
        wal = BackupRig.shipper(VAULT, "log_drill");
        wal.start();
        BackupRig.backup(VAULT, wal);
    }

    @AfterAll
    static void forget() throws Exception {
        wal.close();
        VAULT.clear();
        BackupRig.forget(DATABASE);
        BackupRig.dropSlot("log_drill");
    }

    private static SignerKey key() {
        return SignerKey.generate("elleve.test/drilled", SignatureType.ED25519, new SecureRandom());
    }

    private static LogCheck believing(SignerKey key) {
        return new LogCheck(List.of(key.verifier()), SignedLog.blobs());
    }

    /// Restores what the cluster holds now.
    private static DrillResult drill(String id, LogCheck check) throws Exception {
        var drill = new Drill(
                BackupRig.server(),
                BackupRig.cluster(VAULT),
                wal,
                Rig.postgresPrograms(),
                Path.of("target/log-drills"),
                Duration.ofMinutes(2),
                tenant -> true,
                check,
                null,
                Clock.systemUTC());
        var mark = drill.mark();
        BackupRig.shipAll(wal);
        return drill.run(id, mark);
    }

    /// The same look at a server that was never restored.
    private static List<ProvenLog> look(LogCheck check) throws SQLException {
        return check.prove(new SourceReader(BackupRig.server()));
    }

    private static ProvenLog proven(ProvenLog.Anchor anchor) {
        return new ProvenLog(
                DATABASE, "elleve.test/drilled", SignedLog.SIZE, log.root().base64(), anchor);
    }

    @Test
    void a_log_that_leads_to_its_signed_checkpoint_is_told_with_size_and_root() throws Exception {
        var result = drill("log-1", believing(KEY));

        assertThat(result.logs()).containsExactly(proven(ProvenLog.Anchor.AGREES));
    }

    @Test
    void a_leaf_that_was_changed_in_the_source_fails_the_drill_and_is_named() throws Exception {
        sql(DATABASE, CHANGE_LEAF);
        try {
            assertThatThrownBy(() -> drill("log-2", believing(KEY)))
                    .hasMessageContaining("database drilled_log")
                    .hasMessageContaining("the checkpoint says " + log.root())
                    .hasMessageContaining("entry 270 is not the one that was logged");
        } finally {
            sql(DATABASE, CHANGE_LEAF);
        }
    }

    @Test
    void a_checkpoint_that_somebody_else_signed_fails_the_drill() {
        assertThatThrownBy(() -> drill("log-3", believing(STRANGER)))
                .hasMessageContaining("database drilled_log")
                .hasMessageContaining("no signature of a trusted key");
    }

    @Test
    void a_drill_that_was_given_no_keys_does_not_say_that_it_looked() throws Exception {
        assertThat(drill("log-4", null).logs()).isNull();
    }

    @Test
    void a_text_that_its_leaf_does_not_speak_of_is_found() throws Exception {
        sql(DATABASE, "UPDATE data.entry SET payload = 'sealed 13' WHERE payload = 'sealed 12'");
        try {
            assertThatThrownBy(() -> look(believing(KEY)))
                    .hasMessageContaining("what entry 12 says is not what its leaf speaks of");
        } finally {
            sql(
                    DATABASE,
                    "UPDATE data.entry SET payload = 'sealed 12' WHERE event_id = '" + "0".repeat(8)
                            + "-0000-0001-0000-00000000000c'");
        }
    }

    @Test
    void a_leaf_that_is_gone_is_found() throws Exception {
        sql(DATABASE, "UPDATE data.leaf SET index = 1000 WHERE index = 5");
        try {
            assertThatThrownBy(() -> look(believing(KEY))).hasMessageContaining("entry 5 is missing");
        } finally {
            sql(DATABASE, "UPDATE data.leaf SET index = 5 WHERE index = 1000");
        }
    }

    @Test
    void a_log_that_is_shorter_than_its_checkpoint_is_found() throws Exception {
        sql(DATABASE, "UPDATE data.leaf SET index = 1000 WHERE index = 299");
        try {
            assertThatThrownBy(() -> look(believing(KEY))).hasMessageContaining("ends at 299 entries");
        } finally {
            sql(DATABASE, "UPDATE data.leaf SET index = 299 WHERE index = 1000");
        }
    }

    @Test
    void a_checkpoint_that_was_taken_away_is_missed() throws Exception {
        sql(DATABASE, "CREATE TABLE kept AS SELECT note FROM data.promise", "UPDATE data.promise SET note = NULL");
        try {
            assertThatThrownBy(() -> look(believing(KEY)))
                    .hasMessageContaining("of size 300 was shown, and it is gone");

            sql(DATABASE, "UPDATE data.promise SET published_size = 0");
            assertThat(look(believing(KEY))).as("a log that has shown nothing").isEmpty();
        } finally {
            sql(
                    DATABASE,
                    "UPDATE data.promise SET note = kept.note, published_size = 300 FROM kept",
                    "DROP TABLE kept");
        }
    }

    @Test
    void another_tree_of_that_size_among_the_anchors_is_found_and_a_missing_one_is_told() throws Exception {
        try {
            log.anchor(Hash.sha256(new byte[] {3}));
            assertThatThrownBy(() -> look(believing(KEY))).hasMessageContaining("another tree is anchored at size 300");

            log.loseAnchor();
            assertThat(look(believing(KEY))).containsExactly(proven(ProvenLog.Anchor.MISSING));
        } finally {
            log.anchor(log.root());
        }
    }
}
