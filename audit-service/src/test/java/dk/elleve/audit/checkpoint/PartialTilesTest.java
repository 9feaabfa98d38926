package dk.elleve.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.log.LogDatabase;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.kit.test.Faults;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What growing leaves behind in blob storage.
class PartialTilesTest {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final SignerKey key = SignerKey.generate("partial.test/log", SignatureType.ED25519, new SecureRandom());
    private final MovingClock clock = MovingClock.at("2026-03-01T09:00:00Z");
    private final Faults faults = new Faults();
    private final MemoryBlobs blobs = new MemoryBlobs(faults);
    private DataSource database;

    @BeforeEach
    void makeDatabase() throws Exception {
        database = LogDatabase.make("partial_" + DATABASES.incrementAndGet());
    }

    @Test
    void a_full_tile_replaces_the_partial_ones_and_older_checkpoints_verify_all_the_same() {
        var log = process();
        grow(log, 100);
        grow(log, 100);
        var older = shown();
        assertThat(stored())
                .as("each checkpoint's, as long as no full one replaces it")
                .contains(Tile.entries(0, 100), Tile.entries(0, 200), new Tile(0, 0, 100), new Tile(0, 0, 200));

        grow(log, 100);

        assertThat(stored()).containsExactlyInAnyOrderElementsOf(Tile.of(300).toList());
        var then = new TileReader(path -> blobs.get(LogTiles.CONTAINER, path), older.size());
        assertThat(then.root()).isEqualTo(older.root());
        Proofs.checkInclusion(150, older.size(), Hash.leaf(then.entry(150)), then.inclusion(150), older.root());
    }

    @Test
    void a_busy_log_leaves_them_to_a_calmer_time() {
        var log = process();
        grow(log, 200);
        grow(log, 300);
        assertThat(stored()).contains(Tile.entries(0, 200), new Tile(0, 0, 200));

        grow(log, 1);

        assertThat(stored()).doesNotContain(Tile.entries(0, 200), new Tile(0, 0, 200));
        assertThat(stored()).containsAll(Tile.of(501).toList());
    }

    @Test
    void a_process_that_stops_in_a_busy_minute_leaves_none() {
        var log = process();
        for (int entries : List.of(200, 300)) {
            log.add(entries);
            log.log.sequencer().sequence();
            log.log.sequencer().integrate();
            log.log.sequencer().tidy();
        }
        assertThat(stored()).contains(Tile.entries(0, 200), new Tile(0, 0, 200));

        log.log.sequencer().leave();

        assertThat(stored())
                .containsExactlyInAnyOrder(
                        Tile.entries(0, Tile.FULL),
                        new Tile(0, 0, Tile.FULL),
                        Tile.entries(1, 244),
                        new Tile(0, 1, 244),
                        new Tile(1, 0, 1));
    }

    @Test
    void what_a_process_left_behind_is_taken_away_by_the_next() {
        grow(process(), 200);

        grow(process(), 100);

        assertThat(stored()).containsExactlyInAnyOrderElementsOf(Tile.of(300).toList());
    }

    @Test
    void a_tile_that_a_process_filled_and_did_not_tidy_is_tidied_by_the_next() {
        grow(process(), 200);
        var dying = process();
        dying.add(100);
        dying.log.sequencer().sequence();
        dying.log.sequencer().integrate();
        assertThat(stored()).contains(Tile.entries(0, 200));

        grow(process(), 1);

        assertThat(stored()).doesNotContain(Tile.entries(0, 200), new Tile(0, 0, 200));
        assertThat(stored()).containsAll(Tile.of(301).toList());
    }

    @Test
    void what_was_written_before_writing_failed_is_taken_away_too() {
        var log = process();
        log.add(200);
        log.log.sequencer().sequence();
        faults.arm(MemoryBlobs.STEP, 4); // after the second of two tiles
        assertThatThrownBy(log.log.sequencer()::integrate).isInstanceOf(Faults.Crash.class);
        faults.disarm();
        assertThat(stored()).containsExactlyInAnyOrder(Tile.entries(0, 200), new Tile(0, 0, 200));

        grow(log, 20);
        grow(log, 80);

        assertThat(stored()).containsExactlyInAnyOrderElementsOf(Tile.of(300).toList());
    }

    @Test
    void storage_that_lets_nothing_go_does_not_stop_the_log() {
        var log = process();
        grow(log, 200);
        blobs.makeImmutable();

        grow(log, 100);

        assertThat(shown().size()).isEqualTo(300);
        assertThat(stored()).contains(Tile.entries(0, 200), Tile.entries(0, Tile.FULL));
    }

    private LogProcess process() {
        return new LogProcess(database, blobs, key.secret(), new Faults(), clock, new CopyOnWriteArrayList<>());
    }

    private static void grow(LogProcess log, int entries) {
        log.add(entries);
        log.rounds.turn();
    }

    private List<Tile> stored() {
        return blobs.list(LogTiles.CONTAINER, "tile/").stream().map(Tile::parse).toList();
    }

    private Checkpoint shown() {
        var note = blobs.get(LogTiles.CONTAINER, "checkpoint").orElseThrow();
        return SignedCheckpoint.open(new String(note, StandardCharsets.UTF_8), List.of(key.verifier()))
                .checkpoint();
    }
}
