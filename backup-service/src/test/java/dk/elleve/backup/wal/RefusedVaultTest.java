package dk.elleve.backup.wal;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.HookedVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.vault.ResidentVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A vault that says no, and a real server behind the stream.
class RefusedVaultTest {

    private final MemoryVault storage = new MemoryVault();

    @AfterEach
    void dropSlot() {
        BackupRig.dropSlot("refused_test");
    }

    @Test
    void wal_waits_in_the_slot_while_the_vault_may_not_be_written_to_and_comes_afterwards() throws Exception {
        var objection = new AtomicReference<>(Optional.<String>empty());
        var resident = new ResidentVault(storage, objection::get);
        try (var wal = BackupRig.shipper(resident, "refused_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS refused", "CREATE TABLE refused (id INT)");
            BackupRig.shipAll(wal);
            var before = storage.list("");

            objection.set(Optional.of("the account has moved"));
            BackupRig.sql("postgres", "INSERT INTO refused VALUES (1)");
            var written = BackupRig.flushed();

            eventually(
                    "a refusal",
                    () -> assertThat(wal.status().trouble())
                            .hasValueSatisfying(said -> assertThat(said).contains("the account has moved")));
            assertThat(wal.awaitShipped(written, Duration.ofMillis(500))).isFalse();
            assertThat(storage.list("")).isEqualTo(before);
            assertThat(BackupRig.value(
                            "postgres",
                            "SELECT restart_lsn <= '" + written
                                    + "' FROM pg_replication_slots WHERE slot_name = 'refused_test'"))
                    .isEqualTo("t");

            objection.set(Optional.empty());
            BackupRig.shipAll(wal);
            assertThat(WalShelf.gaps(BackupRig.cluster(storage))).isEmpty();
        }
    }

    @Test
    void parts_that_the_storage_keeps_do_not_stop_the_wal() throws Exception {
        var kept = new HookedVault(storage);
        kept.beforeDelete(name -> {
            throw new VaultException(VaultProblem.IMMUTABLE, "a policy keeps '" + name + "'");
        });
        try (var wal = BackupRig.shipper(kept, "refused_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS kept", "CREATE TABLE kept (id INT)");
            BackupRig.shipAll(wal);
            var segment = BackupRig.value("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())");

            BackupRig.sql(
                    "postgres", "INSERT INTO kept VALUES (1)", "SELECT pg_switch_wal()", "INSERT INTO kept VALUES (1)");
            BackupRig.shipAll(wal);

            var folder = "wal/00000001/" + segment + "/";
            assertThat(BackupRig.cluster(storage).list(folder))
                    .contains(folder + "sealed")
                    .hasSizeGreaterThan(1);
        }
        // The next start clears away what is not needed, and is refused again.
        try (var wal = BackupRig.shipper(kept, "refused_test")) {
            wal.start();
            BackupRig.sql("postgres", "INSERT INTO kept VALUES (1)");
            BackupRig.shipAll(wal);
        }
    }
}
