package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.HookedVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// A moment is asked for in the server's time. What we note down ourselves must be in that time, too, and say no more
/// than is known.
class ClockTest {

    private static final Duration BEHIND = Duration.ofHours(-1);

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("lagging");
    }

    private static Instant serverNow() throws Exception {
        return Instant.parse(value(
                "postgres",
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    @Test
    void a_backup_is_dated_by_the_server_even_when_our_own_clock_is_an_hour_behind() throws Exception {
        var vault = new MemoryVault();
        var wrong = Clock.offset(Clock.systemUTC(), BEHIND);
        var before = serverNow();
        try (var wal = new WalShipper(
                BackupRig.server(),
                BackupRig.cluster(vault),
                BackupRig.settings("clock_behind"),
                WalEvents.NONE,
                wrong)) {
            wal.start();
            until(
                    "the server's clock is seen",
                    BackupRig.PATIENCE,
                    wal::status,
                    status -> status.clockOffset().isPositive());
            var backup = new BaseBackup(
                    BackupRig.server(), BackupRig.cluster(vault), wal, BackupRig.PATIENCE, 4 << 20, wrong);
            var manifest = backup.run(backup.newId(Manifest.FULL), BackupProgress.NONE);

            assertThat(manifest.finishedAt()).isCloseTo(serverNow(), within(20, ChronoUnit.SECONDS));
            // By our own clock it would have been complete long before, and be taken for this moment.
            assertThatThrownBy(() -> Restorer.open(vault, BackupRig.KEY, null).plan(new RestoreTarget.AtTime(before)))
                    .isInstanceOfSatisfying(
                            RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.NO_BACKUP));
        } finally {
            BackupRig.dropSlot("clock_behind");
        }
    }

    @Test
    void a_moment_that_the_wal_has_not_reached_is_refused_even_when_older_wal_has_only_just_come() throws Exception {
        var vault = new MemoryVault();
        try {
            try (var wal = BackupRig.shipper(vault, "clock_lagging")) {
                wal.start();
                BackupRig.backup(vault, wal);
                BackupRig.shipAll(wal);
            }
            // The slot keeps three segments of one transaction, which ends in the last of them.
            BackupRig.database("lagging");
            sql(
                    "lagging",
                    "CREATE TABLE t (id INT, pad TEXT)",
                    "INSERT INTO t SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 40000) g");
            var moment = serverNow();
            var hooked = new HookedVault(vault);
            var sealed = new AtomicInteger();
            hooked.beforePut(name -> {
                if (name.contains("/wal/") && sealed.getAndIncrement() > 0) {
                    throw new VaultException(VaultProblem.UNREACHABLE, "the storage is away again");
                }
            });
            try (var wal = BackupRig.shipper(hooked, "clock_lagging")) {
                wal.start();
                until("one piece came, the next did not", BackupRig.PATIENCE, sealed::get, tries -> tries > 1);
            }

            var restorer = Restorer.open(vault, BackupRig.KEY, null);
            var plan = restorer.plan(new RestoreTarget.AtTime(moment));
            assertThatThrownBy(() -> restorer.restore(
                            plan, new Landing(BackupRig.folder(), BackupRig.freePort()), RestoreProgress.NONE))
                    .isInstanceOfSatisfying(
                            RestoreException.class,
                            e -> assertThat(e.problem()).isEqualTo(RestoreProblem.NOT_IN_VAULT));
        } finally {
            BackupRig.dropSlot("clock_lagging");
        }
    }
}
