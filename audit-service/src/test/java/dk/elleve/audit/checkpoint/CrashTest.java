package dk.elleve.audit.checkpoint;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.log.LogDamaged;
import dk.elleve.audit.log.LogDatabase;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.audit.log.TreeHead;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.audit.AuditEvent.CheckpointPublished;
import dk.elleve.kit.test.Faults;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.kit.test.Rig;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.VerifierKey;
import dk.elleve.tlog.Verify;
import dk.elleve.tlog.Witness;
import dk.elleve.tlog.WitnessServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// A log over a real database of its own, ended between any two of its lines, and put back to what it was.
class CrashTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final SignerKey key = SignerKey.generate("crash.test/log", SignatureType.ED25519, new SecureRandom());
    private final Faults faults = new Faults();
    private final MovingClock clock = MovingClock.at("2026-03-01T09:00:00Z");
    private final MemoryBlobs blobs = new MemoryBlobs(faults);
    private final List<Event> told = new CopyOnWriteArrayList<>();
    private final String name = "crash_" + DATABASES.incrementAndGet();
    private final DelegatingDataSource database = new DelegatingDataSource();

    @BeforeEach
    void makeDatabase() throws Exception {
        database.setTargetDataSource(made(name));
    }

    @Test
    void a_crash_between_any_two_lines_signs_one_story_and_loses_nothing(@TempDir Path folder) throws Exception {
        int step = 0;
        int added = 0;
        do {
            step++;
            process().add(9);
            added += 9;
            faults.arm(MemoryBlobs.STEP, step);
            try {
                process().rounds.turn();
            } catch (Faults.Crash crash) {
                // Another process takes over below.
            }
            boolean crashed = !faults.waiting();
            faults.disarm();
            process().rounds.turn();
            if (!crashed) {
                break;
            }
        } while (step < 200);

        assertThat(step).as("every step of a round was one to die at").isBetween(15, 199);
        var size = size();
        assertThat(size).isEqualTo(added);
        var checkpoints = blobs.list(Anchors.CONTAINER, "").stream()
                .map(anchor -> SignedCheckpoint.open(
                                new String(blobs.get(Anchors.CONTAINER, anchor).orElseThrow(), StandardCharsets.UTF_8),
                                List.of(key.verifier()))
                        .checkpoint())
                .toList();
        var newest = checkpoints.getLast();
        assertThat(newest.size()).isEqualTo(size);
        var log = new TileReader(path -> blobs.get(LogTiles.CONTAINER, path), size);
        for (var older : checkpoints) {
            Proofs.checkConsistency(older.size(), older.root(), size, newest.root(), log.consistency(older.size()));
        }
        assertThat(told.stream()
                        .filter(CheckpointPublished.class::isInstance)
                        .map(event -> ((CheckpointPublished) event).size()))
                .as("nothing is told that is not anchored")
                .isSubsetOf(checkpoints.stream().map(each -> each.size()).toList());
        requireRecomputed(folder);
    }

    @Test
    void what_is_shown_carries_the_witness_s_cosignature_and_is_shown_while_the_witness_is_away(@TempDir Path folder)
            throws Exception {
        var cosigner = SignerKey.generate("witness.test/w1", SignatureType.COSIGNATURE_V1, new SecureRandom());
        var trusted = List.of(key.verifier(), cosigner.verifier());
        LogProcess running;
        int port;
        try (var witness = new WitnessServer(
                new Witness(cosigner, List.of(key.verifier()), folder, clock), new InetSocketAddress("127.0.0.1", 0))) {
            port = witness.port();
            running = process(new CheckpointProperties.Witness(
                    URI.create("http://127.0.0.1:" + witness.port()),
                    cosigner.verifier().toString()));
            for (int round = 0; round < 3; round++) {
                running.add(300);
                running.rounds.turn();

                assertThat(shown(trusted).verified()).hasSize(2);
                assertThat(cosignatures(running)).isEqualTo(1);
            }
        }
        running.add(1);
        running.rounds.turn();

        assertThat(shown(trusted).verified()).hasSize(1);
        assertThat(shown(trusted).checkpoint().size()).isEqualTo(901);
        assertThat(cosignatures(running)).isZero();

        try (var back = new WitnessServer(
                new Witness(cosigner, List.of(key.verifier()), folder, clock),
                new InetSocketAddress("127.0.0.1", port))) {
            running.add(1);
            running.rounds.turn();
            assertThat(cosignatures(running)).as("%s is left alone", back).isZero();

            clock.advance(Duration.ofSeconds(31));
            running.add(1);
            running.rounds.turn();
            assertThat(cosignatures(running)).isEqualTo(1);
        }
    }

    @Test
    void a_witness_that_knows_another_history_gives_no_cosignature(@TempDir Path folder) throws Exception {
        var cosigner = SignerKey.generate("witness.test/w1", SignatureType.COSIGNATURE_V1, new SecureRandom());
        var elsewhere = new Checkpoint(key.verifier().name(), 1, Hash.leaf(new byte[] {1})).sign(key);
        try (var witness = new Witness(cosigner, List.of(key.verifier()), folder, clock);
                var server = new WitnessServer(witness, new InetSocketAddress("127.0.0.1", 0))) {
            assertThat(witness.add(("old 0\n\n" + elsewhere.format()).getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
            var running = process(new CheckpointProperties.Witness(
                    URI.create("http://127.0.0.1:" + server.port()),
                    cosigner.verifier().toString()));
            running.add(5);
            running.rounds.turn();

            assertThat(shown(List.of(key.verifier())).checkpoint().size()).isEqualTo(5);
            assertThat(cosignatures(running)).isZero();
        }
    }

    private SignedCheckpoint shown(List<VerifierKey> trusted) {
        var note = blobs.get(LogTiles.CONTAINER, "checkpoint").orElseThrow();
        return SignedCheckpoint.open(new String(note, StandardCharsets.UTF_8), trusted);
    }

    private static double cosignatures(LogProcess process) {
        return process.meters
                .get("elleve.audit.checkpoint.cosignatures")
                .gauge()
                .value();
    }

    @Test
    void a_database_that_is_older_than_what_was_shown_signs_nothing() throws Exception {
        var running = process();
        running.add(5);
        running.rounds.turn();
        close();
        LogDatabase.execute(
                Rig.postgres().superuser("postgres"),
                "CREATE DATABASE " + name + "_old TEMPLATE " + name,
                "ALTER DATABASE " + name + "_old SET elleve.tenant = '*'");
        database.setTargetDataSource(opened(name));
        running.add(5);
        running.rounds.turn();
        close();
        database.setTargetDataSource(opened(name + "_old"));

        var started = process();
        started.add(7);
        int before = blobs.list(Anchors.CONTAINER, "").size();
        var shown = blobs.get(LogTiles.CONTAINER, "checkpoint").orElseThrow();

        assertThatThrownBy(started.rounds::turn)
                .isInstanceOf(LogDamaged.class)
                .hasMessageContaining("size 10 is anchored")
                .hasMessageContaining("signed 5");
        assertThatThrownBy(running.rounds::turn)
                .as("a process that ran when the database was put back")
                .isInstanceOf(LogDamaged.class);
        assertThat(blobs.list(Anchors.CONTAINER, "")).hasSize(before);
        assertThat(blobs.get(LogTiles.CONTAINER, "checkpoint")).contains(shown);
    }

    @Test
    void an_empty_database_beside_an_old_log_signs_nothing() throws Exception {
        var first = process();
        first.add(3);
        first.rounds.turn();
        close();
        database.setTargetDataSource(made(name + "_other"));

        var second = process();
        second.add(9);

        assertThatThrownBy(second.rounds::turn).isInstanceOf(LogDamaged.class).hasMessageContaining("signed 0");
    }

    @Test
    void a_leaf_that_was_changed_after_it_was_signed_stops_the_log() throws Exception {
        var process = process();
        process.add(3);
        process.rounds.turn();
        LogDatabase.execute(
                database,
                "UPDATE data.tree SET integrated_root = sha256('other'), root = sha256('other')",
                "UPDATE data.leaf SET bytes = set_byte(bytes, 20, 7) WHERE index = 1");
        process.add(1);

        assertThatThrownBy(process.rounds::turn).isInstanceOf(LogDamaged.class);
    }

    @Test
    void a_stored_tile_that_was_changed_stops_the_log_and_is_told_once() throws Exception {
        var process = process();
        process.add(300);
        process.rounds.turn();
        // The hash of the first 256 entries, on which every later root stands.
        var tile = blobs.get(LogTiles.CONTAINER, "tile/1/000.p/1").orElseThrow();
        tile[10] ^= 1;

        var restarted = process();
        restarted.add(1);
        restarted.rounds.start();
        try {
            eventually(
                    "the damage is told",
                    () -> assertThat(told.stream().filter(Finding.class::isInstance))
                            .hasSize(1));
        } finally {
            restarted.rounds.stop();
        }
        assertThat(restarted.meters.get("elleve.audit.log.refused").gauge().value())
                .isEqualTo(1);
        assertThat(blobs.list(Anchors.CONTAINER, ""))
                .as("nothing more was signed")
                .hasSize(1);
        assertThat(told.stream().filter(Finding.class::isInstance)).hasSize(1);
    }

    @Test
    void a_quiet_log_shows_its_checkpoint_again_and_a_growing_one_at_once() throws Exception {
        var process = process();
        process.add(2);
        process.rounds.turn();
        process.rounds.turn();
        assertThat(told).hasSize(1);

        clock.advance(Duration.ofMinutes(10));
        process.rounds.turn();
        assertThat(told).hasSize(2);

        process.add(1);
        process.rounds.turn();
        assertThat(told).hasSize(3);
        assertThat(((CheckpointPublished) told.getLast()).size()).isEqualTo(3);
    }

    @Test
    void one_turn_gives_all_their_place_whether_they_came_one_by_one_or_all_at_once(@TempDir Path folder)
            throws Exception {
        var process = process();
        for (int i = 0; i < 1_100; i++) {
            process.add(1);
        }
        process.rounds.turn();
        assertThat(size()).isEqualTo(1_100);

        process.add(10_000);
        process.add(3);
        process.rounds.turn();
        assertThat(size()).isEqualTo(11_103);
        assertThat(((CheckpointPublished) told.getLast()).size()).isEqualTo(11_103);
        requireRecomputed(folder);
    }

    @Test
    void what_waited_by_itself_when_the_log_was_younger_has_its_place_too() throws Exception {
        close();
        database.setTargetDataSource(new SingleConnectionDataSource(
                LogDatabase.asItWas(name + "_younger").getConnection(), true));
        LogDatabase.execute(database, """
                WITH added AS (
                    INSERT INTO data.entry (event_id, kind, flags, marks, time, under_tenant_key, key_id, pseudonym,
                                            payload, ciphertext_hash, commitment,
                                            actor_index, resource_index, table_index)
                    SELECT gen_random_uuid(), 'access', '{}', '{}', now(), false, gen_random_uuid(), sha256('platform'),
                           'sealed', sha256('sealed'), sha256('salted'), '', '', ''
                    FROM generate_series(1, 5)
                    RETURNING id)
                INSERT INTO data.waiting
                SELECT id FROM added
                """);
        LogDatabase.migrate(database);
        var process = process();
        process.add(2);

        process.rounds.turn();

        assertThat(size()).isEqualTo(7);
    }

    @Test
    void an_entry_that_waits_and_is_not_there_stops_the_log_before_anything_has_its_place() throws Exception {
        var process = process();
        process.add(3);
        LogDatabase.execute(database, "INSERT INTO data.waiting VALUES (999, '{999}')");

        assertThatThrownBy(process.rounds::turn)
                .isInstanceOf(LogDamaged.class)
                .hasMessage("Of 4 entries that wait 3 are there");

        assertThat(size()).isZero();
    }

    @Test
    void an_anchor_ahead_is_found_without_listing_them_all() {
        var anchors = process().anchors;
        var sizes = new long[] {1, 2, 9, 10, 11, 99, 100, 255, 256, 1000, 70_001};
        for (var size : sizes) {
            var note = new Checkpoint("crash.test/log", size, Hash.sha256(new byte[0])).sign(key);
            anchors.keep(new TreeHead(size, Hash.sha256(new byte[0])), note);
        }
        for (var size : new long[] {0, 1, 8, 9, 10, 98, 99, 999, 70_000}) {
            assertThat(anchors.beyond(size).orElseThrow().size())
                    .as("beyond " + size)
                    .isEqualTo(70_001);
        }
        assertThat(anchors.beyond(70_001)).isEmpty();
        assertThat(anchors.beyond(1_000_000)).isEmpty();
        assertThat(anchors.of(256)).isPresent();
        assertThat(anchors.of(25)).isEmpty();
    }

    private LogProcess process(CheckpointProperties.Witness... witnesses) {
        return new LogProcess(database, blobs, key.secret(), faults, clock, told, witnesses);
    }

    @AfterEach
    void close() {
        if (database.getTargetDataSource() instanceof SingleConnectionDataSource open) {
            open.destroy();
        }
    }

    private static DataSource opened(String name) throws SQLException {
        return new SingleConnectionDataSource(Rig.postgres().superuser(name).getConnection(), true);
    }

    private static DataSource made(String name) throws SQLException, IOException {
        LogDatabase.make(name);
        return opened(name);
    }

    private long size() {
        return JdbcClient.create(database)
                .sql("SELECT size FROM data.tree")
                .query(Long.class)
                .single();
    }

    private void requireRecomputed(Path folder) throws IOException {
        for (var blob : blobs.list(LogTiles.CONTAINER, "")) {
            var file = folder.resolve(blob);
            Files.createDirectories(file.getParent());
            Files.write(file, blobs.get(LogTiles.CONTAINER, blob).orElseThrow());
        }
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Verify.run(
                        print,
                        print,
                        folder.toString(),
                        "--vkey",
                        key.verifier().toString()))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
    }
}
