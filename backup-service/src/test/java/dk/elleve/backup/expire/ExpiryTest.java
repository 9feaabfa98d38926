package dk.elleve.backup.expire;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.verify.Reading;
import dk.elleve.backup.wire.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryTest {

    private static final Retention WEEK = new Retention(Duration.ofDays(7), 1);
    private static final MemoryVault FULL = new MemoryVault();
    private static Manifest oldFull;
    private static Manifest oldIncremental;
    private static Manifest newFull;
    private static Manifest newIncremental;

    private final MemoryVault vault = FULL.copy();

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database("expiry");
        sql("expiry", "CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
        try (var wal = BackupRig.shipper(FULL, "expiry_test")) {
            wal.start();
            oldFull = BackupRig.backup(FULL, wal);
            sql("expiry", "INSERT INTO t VALUES (2000)", "SELECT pg_switch_wal()");
            oldIncremental = BackupRig.backup(FULL, wal, Manifest.INCREMENTAL);
            sql("expiry", "INSERT INTO t VALUES (2001)", "SELECT pg_switch_wal()");
            newFull = BackupRig.backup(FULL, wal);
            sql("expiry", "INSERT INTO t VALUES (2002)", "SELECT pg_switch_wal()");
            newIncremental = BackupRig.backup(FULL, wal, Manifest.INCREMENTAL);
            sql("expiry", "INSERT INTO t VALUES (2003)");
            BackupRig.shipAll(wal);
        }
        BackupRig.dropSlot("expiry_test");
    }

    @AfterAll
    static void forget() throws Exception {
        FULL.clear();
        BackupRig.forget("expiry");
    }

    @Test
    void what_is_old_goes_and_what_stays_comes_back() throws Exception {
        var gone = expiry(vault).run(afterAWeek(), id -> {});

        assertThat(gone.backups()).containsExactly(oldIncremental.id(), oldFull.id());
        assertThat(gone.walObjects()).isPositive();
        assertThat(ids()).containsExactly(newFull.id(), newIncremental.id());
        assertThat(BackupRig.cluster(vault).keyIds()).doesNotContain(oldFull.id(), oldIncremental.id());
        assertThat(new Reading(BackupRig.cluster(vault), Instant.EPOCH).all()).isEmpty();
        try (var copy = BackupRig.restore(vault, new RestoreTarget.AtLsn(Lsn.parse(newFull.end())));
                var connection = copy.connect("expiry")) {
            assertThat(value(connection, "SELECT max(id) FROM t")).isEqualTo("2001");
        }
        try (var copy = BackupRig.restore(vault, new RestoreTarget.Latest());
                var connection = copy.connect("expiry")) {
            assertThat(value(connection, "SELECT max(id) FROM t")).isEqualTo("2003");
        }
    }

    @Test
    void nothing_goes_within_the_window() {
        var before = vault.list("");

        expiry(vault).run(Instant.now(), id -> {});

        assertThat(vault.list("")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_expiry_that_dies_anywhere_leaves_a_sound_vault_and_is_finished_by_the_next(boolean afterwards)
            throws Exception {
        for (var deletion = 1; ; deletion++) {
            var faulty = new FaultyVault(vault);
            faulty.dieAt(deletion, afterwards);
            try {
                expiry(faulty).run(afterAWeek(), id -> {});
                break;
            } catch (VaultException e) {
                assertThat(deletion).isLessThan(60);
                assertThat(ids()).contains(newFull.id(), newIncremental.id());
                for (var manifest : new Backups(BackupRig.cluster(vault)).all()) {
                    assertThat(new Backups(BackupRig.cluster(vault)).missing(manifest))
                            .isEmpty();
                }
            }
        }
        new Backups(BackupRig.cluster(vault)).sweep(null);

        assertThat(BackupRig.cluster(vault).list("base/"))
                .allMatch(name ->
                        name.startsWith("base/" + newFull.id()) || name.startsWith("base/" + newIncremental.id()));
        assertThat(new Reading(BackupRig.cluster(vault), Instant.EPOCH).all()).isEmpty();
    }

    private List<String> ids() {
        return new Backups(BackupRig.cluster(vault)).ids();
    }

    private static Expiry expiry(Vault vault) {
        return new Expiry(BackupRig.cluster(vault), WEEK);
    }

    /// The window then begins between the new full backup and the new incremental one.
    private static Instant afterAWeek() {
        return newFull.finishedAt().plus(Duration.ofDays(7));
    }
}
