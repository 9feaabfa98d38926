package dk.elleve.bench.backup;

import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.bench.Folders;
import dk.elleve.bench.Given;
import dk.elleve.bench.Told;
import dk.elleve.bench.backup.Product.Taken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// One size of data, backed up and brought back by both products in turns.
public final class BackupBench {

    /// A scale of this many makes a gigabyte.
    private static final double SCALE_OF_A_GIGABYTE = 63;

    /// The WAL that waits in the catch-up grows with the data, up to the gigabyte of scale 130.
    private static final double WAL_OF_A_SCALE = 1e9 / 130;

    private static final double UPDATED = 0.05;
    private static final Duration LOAD = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Given given;
    private final Told told;
    private final Source source;
    private final int scale;
    private final Set<String> chosen;
    private final int rounds;
    private final String suffix;
    private final Elleve elleve;
    private final @Nullable PgBackRest peer;

    /// @param suffix of the names of what is measured; not empty where several sizes are
    private BackupBench(
            Given given, Told told, Source source, int scale, String suffix, Elleve elleve, @Nullable PgBackRest peer) {
        this.given = given;
        this.told = told;
        this.source = source;
        this.scale = scale;
        this.chosen = Set.of(given.text("only").split(","));
        this.rounds = Math.toIntExact(given.number("rounds"));
        this.suffix = suffix;
        this.elleve = elleve;
        this.peer = peer;
    }

    public static void main(String... none) {
        try {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            var given = Given.read(in);
            var told = new Told(System.out, in);
            var found = PgBackRest.find();
            told.progress("%s", found.words());
            var sizes = given.text("sizes");
            if (sizes.isEmpty()) {
                run(given, told, found, Math.toIntExact(given.number("scale")), "", 0);
            } else {
                var number = 0;
                for (var size : sizes.split(",")) {
                    var scale = (int) Math.max(1, Math.round(Double.parseDouble(size) * SCALE_OF_A_GIGABYTE));
                    run(given, told, found, scale, "@" + size + "GB", number++);
                }
            }
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(Given given, Told told, PgBackRest.Found found, int scale, String suffix, int number)
            throws Exception {
        var source = new Source(given);
        var random = given.text("filler").equals("random");
        source.set("archive_command", "true");
        var start = System.nanoTime();
        source.load(scale, random);
        told.progress("scale %d with %s filler loaded in %.0f s", scale, random ? "random" : "blank", seconds(start));
        var blobs = given.text("blob");
        try (var elleve = new Elleve(source, blobs, "elleve-" + number);
                var peer = found.program().isEmpty()
                        ? null
                        : peer(
                                source,
                                found.program().get(),
                                given.folder().resolve("peer-" + number),
                                blobs,
                                number,
                                told)) {
            new BackupBench(given, told, source, scale, suffix, elleve, peer).run();
        }
    }

    private static @Nullable PgBackRest peer(
            Source source, Path program, Path folder, String blobs, int number, Told told) throws Exception {
        try {
            return PgBackRest.setUp(source, program, folder, blobs, "peer-" + number);
        } catch (IllegalStateException e) {
            told.progress("pgBackRest does not get along with this server: measured without a peer (%s)", e);
            return null;
        }
    }

    private void run() throws Exception {
        var full = inTurns(attended("full", Product::full));
        var read = full.ours().result().read();
        rate("full", full, read);
        stored("full", full);
        if (chosen.contains("incremental")) {
            source.update(scale, UPDATED);
            var incremental = inTurns(attended("incremental", Product::incremental));
            rate("incremental", incremental, incremental.ours().result().read());
            stored("incremental", incremental);
        }
        if (chosen.contains("restore")) {
            restore(read);
        }
        if (chosen.contains("wal")) {
            catchUp();
        }
        if (chosen.contains("verify")) {
            var verify = inTurns(attended("verify", product -> {
                product.verify();
                return new Taken(read * rounds, 0);
            }));
            rate("verify", verify, read * rounds);
        }
        if (chosen.contains("lag")) {
            elleve.attend(source.end());
            var lag = new Load(source, scale).lag(elleve, LOAD);
            elleve.leave();
            told.measure("backup.lag" + suffix, lag.millis(0.99), Double.NaN, "ms");
        }
    }

    private interface Step {
        Taken run(Product product) throws Exception;
    }

    /// One round of one product.
    private interface Turn {
        Measured<Taken> take(Product product) throws Exception;
    }

    /// What the two cost, each in its middle round; the peer's is missing where there is none.
    private record Both(Measured<Taken> ours, @Nullable Measured<Taken> peers) {

        double peer(ToDoubleFunction<Measured<Taken>> what) {
            return peers == null ? Double.NaN : what.applyAsDouble(peers);
        }
    }

    /// Who begins changes from round to round.
    private Both inTurns(Turn turn) throws Exception {
        var ours = new ArrayList<Measured<Taken>>();
        var theirs = new ArrayList<Measured<Taken>>();
        for (var round = 0; round < rounds; round++) {
            if (peer != null && round % 2 == 1) {
                theirs.add(turn.take(peer));
            }
            ours.add(turn.take(elleve));
            if (peer != null && round % 2 == 0) {
                theirs.add(turn.take(peer));
            }
        }
        return new Both(Measured.middle(ours), theirs.isEmpty() ? null : Measured.middle(theirs));
    }

    private Turn attended(String name, Step step) {
        return product -> {
            product.attend(source.end());
            var measured = product.measure(() -> step.run(product));
            product.leave();
            tell(name, product, measured, measured.result().read());
            return measured;
        };
    }

    private void tell(String name, Product product, Measured<?> measured, long bytes) throws IOException {
        told.progress(
                "%-11s %-6s %s; load %s",
                name,
                product == elleve ? "ours" : "peer",
                measured.words(bytes),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    }

    private void rate(String name, Both both, long bytes) {
        told.measure(
                "backup." + name + suffix,
                bytes / 1e6 / both.ours().seconds(),
                both.peer(measured -> bytes / 1e6 / measured.seconds()),
                "MB/s");
        told.measure(
                "backup." + name + ".processor" + suffix,
                both.ours().processor().toNanos() / (double) bytes,
                both.peer(measured -> measured.processor().toNanos() / (double) bytes),
                "s/GB");
        told.measure(
                "backup." + name + ".memory" + suffix,
                both.ours().memory() / 1048576.0,
                both.peer(measured -> measured.memory() / 1048576.0),
                "MiB");
    }

    private void stored(String name, Both both) {
        told.measure(
                "backup." + name + ".stored" + suffix,
                both.ours().result().stored() / 1e6,
                both.peer(measured -> measured.result().stored() / 1e6),
                "MB");
    }

    /// Both must bring back the accounts as they are now.
    private void restore(long read) throws Exception {
        var truth = source.digest(source.port());
        var opened = new HashMap<Product, Double>();
        var both = inTurns(product -> {
            product.attend(source.end());
            product.leave();
            var folder = given.folder().resolve("restored");
            var landing = new Landing(folder, freePort());
            try {
                var measured = product.measure(() -> {
                    product.restore(folder, landing.port());
                    return new Taken(read, 0);
                });
                tell("restore", product, measured, read);
                var start = System.nanoTime();
                try (var server = RestoredServer.start(source.programs(), landing, PATIENCE)) {
                    // The best of the rounds: to open takes a second, and who else uses the machine decides.
                    opened.merge(product, measured.seconds() + seconds(start), Math::min);
                    var found = source.digest(server.landing().port());
                    if (!found.equals(truth)) {
                        throw new IllegalStateException(
                                "The source holds " + truth + ", but what was restored holds " + found);
                    }
                }
                return measured;
            } finally {
                Folders.remove(folder);
            }
        });
        rate("restore", both, read);
        told.measure(
                "backup.restore.open" + suffix,
                opened.getOrDefault(elleve, Double.NaN),
                peer == null ? Double.NaN : opened.getOrDefault(peer, Double.NaN),
                "s");
    }

    /// The same WAL waits for both.
    private void catchUp() throws Exception {
        var ours = new ArrayList<Measured<Taken>>();
        var theirs = new ArrayList<Measured<Taken>>();
        for (var round = 0; round < rounds; round++) {
            elleve.attend(source.end());
            elleve.leave();
            if (peer != null) {
                peer.attend(source.end());
                peer.leave();
            }
            var bytes = source.write(scale, (long) (scale * WAL_OF_A_SCALE));
            var end = source.end();
            ours.add(catchUp(elleve, end, bytes));
            if (peer != null) {
                theirs.add(catchUp(peer, end, bytes));
            }
        }
        var both = new Both(Measured.middle(ours), theirs.isEmpty() ? null : Measured.middle(theirs));
        rate("wal", both, both.ours().result().read());
    }

    private Measured<Taken> catchUp(Product product, Source.End end, long bytes) throws Exception {
        var measured = product.measure(() -> {
            product.attend(end);
            return new Taken(bytes, 0);
        });
        product.leave();
        tell("wal", product, measured, bytes);
        return measured;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
