package dk.elleve.backup.vault;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.vault.FaultyStorage.Fault;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.Rig;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A real blob storage behind a line that has bad days.
class FaultyStorageTest {

    private static final Pattern ENDPOINT = Pattern.compile("BlobEndpoint=(http://[^;]+)");

    private FaultyStorage storage;
    private Vault vault;

    @BeforeEach
    void stand() throws Exception {
        var connectionString = Rig.azurite().connectionString();
        var endpoint = ENDPOINT.matcher(connectionString);
        assertThat(endpoint.find()).isTrue();
        var real = URI.create(endpoint.group(1));
        storage = new FaultyStorage(URI.create("http://" + real.getAuthority()));
        vault = new BlobVault(
                new AzureBlobStore(connectionString.replace(real.getAuthority(), "127.0.0.1:" + storage.port())),
                "faulty-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @AfterEach
    void fall() {
        storage.close();
    }

    @Test
    void a_backup_gets_through_when_every_sixth_request_meets_with_a_fault() throws Exception {
        var faults = List.of(Fault.TOO_MANY_REQUESTS, Fault.ANSWER_LOST, Fault.SERVER_BUSY, Fault.CUT_OFF);
        BackupRig.database("faulty");
        sql("faulty", "CREATE TABLE t AS SELECT generate_series(1, 20000) AS n");
        try (var wal = BackupRig.shipper(vault, "faulty_test")) {
            wal.start();
            storage.plan(request -> request % 6 == 0 ? faults.get(request / 6 % faults.size()) : Fault.NONE);
            BackupRig.backup(vault, wal);
            sql("faulty", "INSERT INTO t VALUES (0)");
            BackupRig.backup(vault, wal, Manifest.INCREMENTAL);
            sql("faulty", "INSERT INTO t VALUES (-1)");
            BackupRig.shipAll(wal);
        } finally {
            BackupRig.dropSlot("faulty_test");
        }
        assertThat(storage.faults()).isGreaterThan(4);

        try (var copy = BackupRig.restore(vault, new RestoreTarget.Latest());
                var connection = copy.connect("faulty")) {
            assertThat(value(connection, "SELECT count(*) || ' ' || min(n) FROM t"))
                    .isEqualTo("20002 -1");
        }
    }

    /// As long as the client waits for an answer: 20 seconds.
    @Test
    void storage_that_does_not_answer_is_asked_again() {
        var cluster = BackupRig.cluster(vault);
        cluster.putIfAbsent("wal-2026-11-24", "wal/x", noise());

        storage.plan(request -> request == 1 ? Fault.SILENT : Fault.NONE);

        assertThat(cluster.get("wal/x")).isEqualTo(noise());
        assertThat(storage.faults()).isEqualTo(1);
    }

    @Test
    void a_bit_that_is_turned_on_the_way_is_damage_and_not_data() throws Exception {
        var cluster = BackupRig.cluster(vault);
        cluster.putIfAbsent("wal-2026-11-24", "wal/x", noise());
        assertThat(cluster.get("wal/x")).hasSize(10_000);

        storage.plan(request -> Fault.FLIPPED);

        assertThatThrownBy(() -> cluster.get("wal/x"))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.DAMAGED));
        storage.plan(request -> Fault.NONE);
        assertThat(cluster.get("wal/x")).isEqualTo(noise());
    }

    private static byte[] noise() {
        var bytes = new byte[10_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
