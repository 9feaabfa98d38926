package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.ErasablePeople;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.erasure.Erasure;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.kit.test.Rig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was erased stays erased through a restore of an older moment, and nobody gets in before that.
class ErasureReplayTest {

    private static final String TENANT = "o'brien";

    @TempDir
    private static Path folder;

    private static Vault vault;
    private static WalShipper wal;
    private static String before;
    private static Erasure erasure;

    @BeforeAll
    static void eraseAfterABackup() throws Exception {
        vault = new FolderVault(Files.createDirectory(folder.resolve("vault")));
        BackupRig.database("people");
        sql("people", ErasablePeople.TABLES);
        wal = BackupRig.shipper(vault, "erasure_test");
        wal.start();
        BackupRig.backup(vault, wal);
        sql("people", "INSERT INTO data.person VALUES ('other', 'key-2')");
        before = BackupRig.inserted().toString();
        sql("people", "DELETE FROM data.person WHERE tenant = 'o''brien'");
        erasure = new Erasure("e-1", TENANT, null, "key-1", 7, Instant.now().truncatedTo(ChronoUnit.MICROS));
        new ErasureJournal(BackupRig.cluster(vault)).add(erasure);
        BackupRig.shipAll(wal);
        Files.writeString(folder.resolve("master.key"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        Files.writeString(folder.resolve("restore.properties"), """
                elleve.backup.vault-folder = vault
                elleve.master-key-file = master.key
                """);
    }

    @AfterAll
    static void forget() throws Exception {
        wal.close();
        BackupRig.forget("people");
        BackupRig.dropSlot("erasure_test");
    }

    private record Outcome(int code, String out, String error) {}

    private static Outcome restore(String... arguments) {
        var out = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        var code = new RestoreMain(new PrintStream(out), new PrintStream(error), false, Clock.systemUTC())
                .run(List.of(arguments));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }

    private static Outcome restore(Path to, String... more) {
        var arguments = new ArrayList<>(List.of(
                "--lsn",
                before,
                "--to",
                to.toString(),
                "--settings",
                folder.resolve("restore.properties").toString()));
        arguments.addAll(List.of(more));
        return restore(arguments.toArray(String[]::new));
    }

    @Test
    void a_restore_of_a_moment_before_the_erasure_erases_again_before_anybody_gets_in() throws Exception {
        var to = BackupRig.folder();

        var done = restore(to, "--programs", Rig.postgresPrograms().toString());

        assertThat(done.code()).as(done.error()).isZero();
        assertThat(done.out()).contains("erased      tenant o'brien of " + erasure.erasedAt() + ": 7 records");
        assertThat(Door.isShut(to)).isFalse();
        try (var copy = start(to);
                var connection = copy.connect("people")) {
            assertThat(value(connection, "SELECT count(*) FROM data.person WHERE tenant = 'o''brien'"))
                    .isEqualTo("0");
            assertThat(value(connection, "SELECT count(*) FROM data.person WHERE tenant = 'other'"))
                    .isEqualTo("6");
        }
    }

    @Test
    void until_it_is_erased_again_a_restored_server_lets_nobody_in() throws Exception {
        var restored = restored(vault, new RestoreTarget.AtLsn(Lsn.parse(before)));

        assertThat(restored.erasures()).containsExactly(erasure);
        // Whoever starts it by hand, after the restore program died at this very point, gets no further.
        try (var copy = RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(2))) {
            assertThatThrownBy(() -> DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + copy.landing().port() + "/people",
                            "postgres",
                            Rig.secrets().password("postgres")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("pg_hba.conf rejects connection");
        }

        // The same call goes on with what is missing, and fetches nothing again.
        var again = restore(
                restored.landing().folder(),
                "--programs",
                Rig.postgresPrograms().toString());
        assertThat(again.code()).as(again.error()).isZero();
        assertThat(again.out()).contains("by an earlier call").contains("7 records had come back");
        assertThat(Door.isShut(restored.landing().folder())).isFalse();
    }

    @Test
    void without_the_programs_nothing_is_restored_that_would_have_to_be_erased_again() throws Exception {
        var to = BackupRig.folder();

        var refused = restore(to);

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.error()).contains("--programs DIR");
        assertThat(to).doesNotExist();
    }

    @Test
    void the_preview_tells_how_many_erasures_there_are() {
        var preview = restore(
                "--lsn",
                before,
                "--preview",
                "--settings",
                folder.resolve("restore.properties").toString());

        assertThat(preview.out()).contains("erasures    1 on record since");
    }

    private static BackupRig.Copy start(Path to) throws Exception {
        var port = Files.readAllLines(to.resolve("postgresql.auto.conf")).reversed().stream()
                .filter(line -> line.startsWith("port = "))
                .map(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
        return new BackupRig.Copy(
                RestoredServer.start(Rig.postgresPrograms(), new Landing(to, port), Duration.ofMinutes(2)));
    }

    private static Restored restored(Vault from, RestoreTarget target) throws Exception {
        var restorer = Restorer.open(from, BackupRig.KEY, null);
        return restorer.restore(
                restorer.plan(target), new Landing(BackupRig.folder(), BackupRig.freePort()), RestoreProgress.NONE);
    }

    /// As the restore program leaves it just before it erases again.
    private static Restored recovered(Vault from, RestoreTarget target) throws Exception {
        var restored = restored(from, target);
        RestoredServer.recover(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(2));
        return restored;
    }

    /// A moment at which the database could not do it: the door stays shut and says why.
    @Test
    void what_a_database_cannot_erase_again_stays_behind_a_shut_door() throws Exception {
        var memory = new MemoryVault();
        sql("people", "ALTER FUNCTION data.replay_erasure(text, text, timestamptz) SECURITY INVOKER");
        try (var shipper = BackupRig.shipper(memory, "erasure_invoker")) {
            shipper.start();
            BackupRig.backup(memory, shipper);
            BackupRig.shipAll(shipper);
            new ErasureJournal(BackupRig.cluster(memory)).add(erasure);
            var restored = recovered(memory, new RestoreTarget.Latest());

            // As the superuser it could do anything its owner has written into it.
            assertThatThrownBy(() -> ErasureReplay.run(
                            Rig.postgresPrograms(), restored.landing().folder(), restored.erasures()))
                    .isInstanceOfSatisfying(
                            RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.ERASURE))
                    .hasMessageContaining("people")
                    .hasMessageContaining("not as a SECURITY DEFINER");
            assertThat(Door.isShut(restored.landing().folder())).isTrue();
        } finally {
            sql("people", "ALTER FUNCTION data.replay_erasure(text, text, timestamptz) SECURITY DEFINER");
            BackupRig.dropSlot("erasure_invoker");
        }
    }

    @Test
    void a_database_of_tenants_that_does_not_know_how_is_named_and_one_without_tenants_is_left_alone()
            throws Exception {
        var memory = new MemoryVault();
        BackupRig.database("tenants_only");
        sql("tenants_only", "CREATE SCHEMA data", "CREATE TABLE data.tenant (tenant_id text)");
        try (var shipper = BackupRig.shipper(memory, "erasure_tenants")) {
            shipper.start();
            BackupRig.backup(memory, shipper);
            BackupRig.shipAll(shipper);
            new ErasureJournal(BackupRig.cluster(memory)).add(erasure);
            var restored = recovered(memory, new RestoreTarget.Latest());
            var folder = restored.landing().folder();

            assertThatThrownBy(() -> ErasureReplay.run(Rig.postgresPrograms(), folder, restored.erasures()))
                    .hasMessageContaining("database tenants_only keeps tenants and lacks it");

            new SingleUser(Rig.postgresPrograms(), folder).run("template1", List.of("DROP DATABASE tenants_only"));
            assertThat(ErasureReplay.run(Rig.postgresPrograms(), folder, restored.erasures()))
                    .extracting(ErasureReplay.Replayed::records)
                    .containsExactly(0L);
        } finally {
            BackupRig.forget("tenants_only");
            BackupRig.dropSlot("erasure_tenants");
        }
    }

    @Test
    void an_erasure_a_database_refuses_is_told_in_its_own_words() throws Exception {
        var person = new Erasure("e-2", TENANT, "pseudonym", null, 1, erasure.erasedAt());
        var restored = recovered(vault, new RestoreTarget.AtLsn(Lsn.parse(before)));

        assertThatThrownBy(() -> ErasureReplay.run(
                        Rig.postgresPrograms(), restored.landing().folder(), List.of(erasure, person)))
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("people")
                .hasMessageContaining("persons are not known here");
    }
}
