package dk.elleve.backup.drill;

import static dk.elleve.backup.BackupRig.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.ErasablePeople;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.erasure.Erasure;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.test.Rig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A drill of a moment before a tenant was erased finds its rows again, and shows that nobody can read them.
class DrillErasureTest {

    private static final MemoryVault VAULT = new MemoryVault();

    private static WalShipper wal;
    private static Mark mark;

    @BeforeAll
    static void eraseAfterAMark() throws Exception {
        BackupRig.database("drilled_people");
        sql("drilled_people", ErasablePeople.TABLES);
        wal = BackupRig.shipper(VAULT, "erasure_drill");
        wal.start();
        BackupRig.backup(VAULT, wal);
        mark = drill(tenant -> true).mark();
        sql("drilled_people", "DELETE FROM data.person WHERE tenant = 'o''brien'");
        new ErasureJournal(BackupRig.cluster(VAULT))
                .add(new Erasure("e-1", "o'brien", null, "key-1", 7, Instant.now()));
        BackupRig.shipAll(wal);
    }

    @AfterAll
    static void forget() throws Exception {
        wal.close();
        VAULT.clear();
        BackupRig.forget("drilled_people");
        BackupRig.dropSlot("erasure_drill");
    }

    private static Drill drill(Predicate<String> keyGone) {
        return new Drill(
                BackupRig.server(),
                BackupRig.cluster(VAULT),
                wal,
                Rig.postgresPrograms(),
                Path.of("target/erasure-drills"),
                Duration.ofMinutes(2),
                keyGone,
                null,
                null,
                Clock.systemUTC());
    }

    @Test
    void what_came_back_of_an_erased_tenant_is_counted_and_erased_again() throws Exception {
        var result = drill(tenant -> tenant.equals("o'brien")).run("drill-1", mark);

        assertThat(result.erased()).containsExactly(new DrillResult.Erased("e-1", 7, true));
        assertThat(result.records()).isGreaterThanOrEqualTo(12);
    }

    @Test
    void a_tenant_whose_key_is_still_there_fails_the_drill() {
        assertThatThrownBy(() -> drill(tenant -> false).run("drill-2", mark))
                .hasMessageContaining("tenant o'brien was erased")
                .hasMessageContaining("7 records")
                .hasMessageContaining("[key-1]");
    }
}
