package dk.elleve.bench;

import dk.elleve.tlog.EntryBundle;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileSource;
import dk.elleve.tlog.Verify;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Entries a second, of the platform's own log copied into a folder: recomputed whole by the verifier, against SHA-256
/// of the same leaves on all cores and nothing else.
final class Fsck {

    private static final int COPIES_AT_ONCE = 16;
    private static final long WARM = 12_000_000_000L;
    private static final long MEASURED = 8_000_000_000L;

    private final Given given;
    private final Told told;

    Fsck(Given given, Told told) {
        this.given = given;
        this.told = told;
    }

    private interface Work {
        void once() throws Exception;
    }

    void run() throws Exception {
        var folder = given.folder().resolve("log");
        try (var log = new RunningLog(given)) {
            long size = copy(log, folder);
            told.progress("copied a log of %,d entries", size);
            var bundles = leaves(folder, size);
            Work verify = () -> verify(folder, log);
            Work hash = () -> hash(bundles);
            rate(size, verify, WARM);
            rate(size, hash, WARM);
            double ours = rate(size, verify, MEASURED);
            told.measure("audit.fsck", ours, rate(size, hash, MEASURED), "entries/s");
        } finally {
            Folders.remove(folder);
        }
    }

    private long copy(RunningLog log, Path folder) throws Exception {
        var shown = log.shown();
        long size = shown.checkpoint().size();
        var source = log.source(given.audit());
        var room = new Semaphore(COPIES_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var copies = Tile.of(size)
                    .map(tile -> threads.submit(() -> {
                        room.acquire();
                        try {
                            return copy(source, tile, folder);
                        } finally {
                            room.release();
                        }
                    }))
                    .toList();
            await(copies);
        }
        Files.write(folder.resolve("checkpoint"), shown.note().bytes());
        return size;
    }

    private static Path copy(TileSource source, Tile tile, Path folder) throws IOException {
        var bytes = source.read(tile.path()).orElseThrow(() -> new IllegalStateException("The log lacks " + tile));
        var file = folder.resolve(tile.path());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.write(file, bytes);
    }

    private static void verify(Path folder, RunningLog log) {
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true);
        if (Verify.run(out, out, folder.toString(), "--vkey", log.key().toString()) != 0) {
            throw new IllegalStateException("The log does not verify: " + said);
        }
    }

    private static List<List<byte[]>> leaves(Path folder, long size) throws IOException {
        var bundles = new ArrayList<List<byte[]>>();
        for (var tile : Tile.of(size).filter(Tile::isEntries).toList()) {
            bundles.add(EntryBundle.decode(Files.readAllBytes(folder.resolve(tile.path()))));
        }
        return bundles;
    }

    private static void hash(List<List<byte[]>> bundles) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        try (var threads = Executors.newFixedThreadPool(cores)) {
            var shares = new ArrayList<Callable<Integer>>();
            for (int core = 0; core < cores; core++) {
                int first = core;
                shares.add(() -> {
                    int seen = 0;
                    for (int i = first; i < bundles.size(); i += cores) {
                        for (var leaf : bundles.get(i)) {
                            seen ^= Hash.leaf(leaf).hashCode();
                        }
                    }
                    return seen;
                });
            }
            await(threads.invokeAll(shares));
        }
    }

    private static double rate(long entries, Work work, long atLeast) throws Exception {
        long start = System.nanoTime();
        long done = 0;
        long took;
        do {
            work.once();
            done += entries;
            took = System.nanoTime() - start;
        } while (took < atLeast);
        return done * 1e9 / took;
    }

    private static void await(List<? extends Future<?>> all) throws InterruptedException, ExecutionException {
        for (var each : all) {
            each.get();
        }
    }
}
