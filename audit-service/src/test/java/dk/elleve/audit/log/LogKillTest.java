package dk.elleve.audit.log;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.Neighbour;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.test.part.ChildJvm;
import dk.elleve.kit.test.part.ServiceSettings;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.VerifierKey;
import dk.elleve.tlog.Verify;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The process that captures, sequences and signs is killed without warning, again and again, while the source is
/// worked in. However the kills fall between its lines: the log holds every committed row change exactly once, in
/// commit order, every transaction whole; it can be recomputed; and no checkpoint that was ever shown contradicts
/// another.
class LogKillTest {

    private static final int KILLS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Random RANDOM = new Random(11);

    @Test
    void a_killed_log_misses_nothing_doubles_nothing_and_signs_one_story() throws Exception {
        try (var house = new OwnHouse();
                var audit = house.postgres().superuser("audit").getConnection();
                var source = house.postgres().superuser("breach").getConnection();
                var watching = Executors.newSingleThreadScheduledExecutor()) {
            var neighbour = Neighbour.prepared(house.postgres().server(), house.secrets(), "breach");
            Truth.begin(source);
            var settings = settings(house);
            var blobs = new AzureBlobStore(house.blobStorage());
            Set<String> shown = ConcurrentHashMap.newKeySet();
            watching.scheduleWithFixedDelay(
                    () -> blobs.get(LogTiles.CONTAINER, "checkpoint")
                            .ifPresent(note -> shown.add(new String(note, StandardCharsets.UTF_8))),
                    0,
                    25,
                    TimeUnit.MILLISECONDS);
            Neighbour.run(source, "INSERT INTO data.item VALUES ('first', 1, 'before anybody is killed')");
            migrate(settings, audit);
            settings.setProperty("spring.flyway.enabled", "false");
            var load = new Load(neighbour);
            var began = System.nanoTime();
            load.start();
            for (int i = 0; i < KILLS; i++) {
                kill(i, settings, audit);
            }
            var killed = Duration.ofNanos(System.nanoTime() - began);
            Set<Long> signed;
            Truth truth;
            var last = child(settings);
            try {
                // However fast this machine is, there are checkpoints enough to compare.
                until("there were more checkpoints than kills", PATIENCE, shown::size, notes -> notes > 2 * KILLS);
                signed = load.stop();
                truth = Truth.read(source);
                awaitShown(audit, truth.lines().size());
            } finally {
                last.destroyForcibly().waitFor();
            }
            System.out.printf(
                    "%d kills in %d s, %d rows in %d transactions%n",
                    KILLS,
                    killed.toSeconds(),
                    truth.lines().size(),
                    truth.rowsOf().size());
            watching.shutdown();
            watching.awaitTermination(10, TimeUnit.SECONDS);

            assertThat(truth.lines()).hasSizeGreaterThan(1000);
            var logged = logged(audit, house);
            assertThat(logged).hasSameSizeAs(truth.lines());
            assertThat(logged).isEqualTo(truth.lines());
            var unsigned = truth.rowsOf().keySet().stream()
                    .filter(transaction -> !signed.contains(transaction))
                    .count();
            assertThat(
                            number(
                                    audit,
                                    "SELECT count(*) FROM kit.outbox WHERE convert_from(body, 'UTF8') LIKE '%unattributed-change%'"))
                    .as("one finding for each transaction nobody signed")
                    .isEqualTo(unsigned);
            assertThat(number(audit, "SELECT count(*) FROM data.leaf WHERE kind = 'gap'"))
                    .as("nothing was missing, and nothing was said to be")
                    .isZero();
            blobs.list("log-anchor", "")
                    .forEach(name ->
                            shown.add(new String(blobs.get("log-anchor", name).orElseThrow(), StandardCharsets.UTF_8)));
            requireOneStory(shown, blobs, verifierKey(house));
            requireRecomputed(blobs, verifierKey(house), house.root().resolve("log"));
        }
    }

    /// As long as the log grows it may take its time: how much was written depends on how long the kills took. Who asks
    /// without a pause takes the time from the log.
    private static void awaitShown(Connection audit, int changes) throws Exception {
        long before = 0;
        while (before < Long.MAX_VALUE) {
            long grown = before;
            before = until(
                    "everything is in the log and shown, or a thousand leaves beyond " + grown + " are in it",
                    PATIENCE,
                    () -> number(audit, """
                            SELECT CASE
                                WHEN p.published_size = p.signed_size
                                 AND p.published_size = (SELECT max(index) + 1 FROM data.leaf)
                                 AND NOT EXISTS (SELECT FROM data.waiting)
                                THEN (SELECT count(*) FROM data.leaf WHERE kind IN ('insert', 'update', 'delete'))
                                ELSE 0 END
                            FROM data.promise p
                            """) >= changes ? Long.MAX_VALUE : leaves(audit),
                    leaves -> leaves > grown + 1000);
        }
    }

    private static void migrate(Properties settings, Connection audit) throws Exception {
        var child = child(settings);
        try {
            until(
                    "the log has its tables and a captured row",
                    PATIENCE,
                    () -> child.isAlive() ? captured(audit) : Long.MAX_VALUE,
                    rows -> rows > 0);
        } finally {
            // The only one that ends in order: it leaves the archive of classes that makes the others start sooner.
            // So it has done all that they will do.
            child.destroy();
            if (!child.waitFor(60, TimeUnit.SECONDS)) {
                child.destroyForcibly().waitFor();
            }
        }
    }

    private static void kill(int round, Properties settings, Connection audit) throws Exception {
        var child = child(settings);
        try {
            if (round % 4 != 3) {
                long before = leaves(audit);
                until(
                        "the log grows",
                        PATIENCE,
                        () -> child.isAlive() ? leaves(audit) : Long.MAX_VALUE,
                        leaves -> leaves > before);
                assertThat(child.isAlive())
                        .as("the child works; see target/log-kill.log")
                        .isTrue();
            }
            // Not a wait for anything: where in its work the child dies is meant to be random.
            child.waitFor(RANDOM.nextInt(round % 4 == 3 ? 5000 : 2000), TimeUnit.MILLISECONDS);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private static Properties settings(OwnHouse house) {
        var settings = house.settings();
        settings.setProperty("elleve.audit.sources", "breach");
        settings.setProperty("elleve.audit.round", "50ms");
        settings.setProperty("spring.main.keep-alive", "true"); // no door keeps it alive
        return settings;
    }

    private static Process child(Properties settings) throws IOException {
        var file = Path.of("target/log-kill.properties");
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return new ProcessBuilder(ChildJvm.command(384, LogKillChild.class, List.of(file.toString())))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target/log-kill.log").toFile()))
                .start();
    }

    private static List<String> logged(Connection audit, OwnHouse house) throws SQLException {
        var seal = new PayloadSeal(
                new NoKeys(),
                JsonAutoConfiguration.mapper(),
                new PlatformKey(house.secrets().key("master")));
        var lines = new ArrayList<String>();
        try (var statement = audit.createStatement();
                var rows = statement.executeQuery("""
                        SELECT e.event_id, e.time, e.kind, e.payload
                        FROM data.leaf l JOIN data.entry e ON e.id = l.entry_id
                        WHERE e.kind IN ('insert', 'update', 'delete')
                        ORDER BY l.index
                        """)) {
            while (rows.next()) {
                var content = seal.open(
                                rows.getObject(1, UUID.class),
                                null,
                                false,
                                rows.getObject(2, OffsetDateTime.class).toInstant(),
                                rows.getBytes(4))
                        .orElseThrow();
                lines.add(Truth.line(
                        Long.parseLong(content.origin().get("transaction")),
                        rows.getString(3),
                        content.resource().substring("breach/item/".length()),
                        content.before() == null ? null : content.before().get("note"),
                        content.after() == null ? null : content.after().get("note")));
            }
        }
        return lines;
    }

    /// Every checkpoint is one size, one root, and the beginning of the last.
    private static void requireOneStory(Set<String> notes, BlobStore blobs, String key) {
        var trusted = List.of(VerifierKey.parse(key));
        var bySize = new TreeMap<Long, Hash>();
        for (var note : notes) {
            Checkpoint checkpoint = SignedCheckpoint.open(note, trusted).checkpoint();
            var other = bySize.put(checkpoint.size(), checkpoint.root());
            assertThat(other == null ? checkpoint.root() : other).isEqualTo(checkpoint.root());
        }
        assertThat(bySize).hasSizeGreaterThan(KILLS);
        long size = bySize.lastKey();
        var root = bySize.lastEntry().getValue();
        var log = new TileReader(path -> blobs.get(LogTiles.CONTAINER, path), size);
        bySize.forEach((older, itsRoot) -> Proofs.checkConsistency(older, itsRoot, size, root, log.consistency(older)));
        System.out.println(bySize.size() + " checkpoints tell one story of " + size + " entries");
    }

    /// As a stranger would, with the verifier and a copy of what is published.
    private static void requireRecomputed(BlobStore blobs, String key, Path copy) throws IOException {
        for (var name : blobs.list(LogTiles.CONTAINER, "")) {
            var file = copy.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, blobs.get(LogTiles.CONTAINER, name).orElseThrow());
        }
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Verify.run(print, print, copy.toString(), "--vkey", key))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        try (var files = Files.walk(copy)) {
            var tile = files.filter(file -> file.toString().contains("/tile/entries/") && Files.isRegularFile(file))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            var bytes = Files.readAllBytes(tile);
            bytes[bytes.length / 2] ^= 1;
            Files.write(tile, bytes);
            assertThat(Verify.run(print, print, copy.toString(), "--vkey", key)).isEqualTo(1);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .as("what was changed is named")
                    .contains("FAILED", "tile/");
        }
    }

    private static String verifierKey(OwnHouse house) {
        return house.secrets().noteVerifierKey(ServiceSettings.LOG_NAME);
    }

    private static long captured(Connection audit) throws SQLException {
        return number(audit, "SELECT to_regclass('data.leaf') IS NOT NULL") == 0
                ? 0
                : number(audit, "SELECT count(*) FROM data.leaf WHERE kind = 'insert'");
    }

    private static long leaves(Connection audit) throws SQLException {
        return number(audit, "SELECT coalesce(max(index) + 1, 0) FROM data.leaf");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getObject(1) instanceof Boolean yes ? (yes ? 1 : 0) : row.getLong(1);
        }
    }
}
