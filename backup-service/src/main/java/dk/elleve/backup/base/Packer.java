package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Archive;
import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Cuts tar streams into packs, and encrypts and stores several packs at once while the next one fills. Memory
/// is bounded: the stream waits when all buffers are under way.
final class Packer implements Wire.BaseSink, AutoCloseable {

    private static final int BUFFERS = 3;
    private static final int WORKERS = 2;

    private record Draft(String name, @Nullable String location, List<Future<Pack>> packs) {}

    private final ClusterVault vault;
    private final String id;
    private final int packSize;
    private final BackupProgress progress;
    private final ExecutorService workers = Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().name("pack-", 1).factory());
    private final Semaphore buffers = new Semaphore(BUFFERS);
    private final List<Draft> drafts = new ArrayList<>();
    private byte @Nullable [] buffer;
    private int filled;
    private int packs;
    private long bytes;
    private long expected;
    private volatile @Nullable RuntimeException failure;

    Packer(ClusterVault vault, String id, int packSize, BackupProgress progress) {
        this.vault = vault;
        this.id = id;
        this.packSize = packSize;
        this.progress = progress;
    }

    @Override
    public void expect(long bytes) {
        expected = bytes;
    }

    @Override
    public void archive(String name, @Nullable String location) throws IOException {
        flush();
        drafts.add(new Draft(name, location, new ArrayList<>()));
    }

    @Override
    public void data(byte[] source, int offset, int length) throws IOException {
        var at = offset;
        var left = length;
        while (left > 0) {
            var target = buffer();
            var size = Math.min(left, packSize - filled);
            System.arraycopy(source, at, target, filled, size);
            filled += size;
            at += size;
            left -= size;
            if (filled == packSize) {
                flush();
            }
        }
        bytes += length;
        progress.read(bytes, Math.max(bytes, expected));
    }

    private byte[] buffer() throws IOException {
        var known = buffer;
        if (known != null) {
            return known;
        }
        try {
            buffers.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the backup was interrupted", e);
        }
        // A pack that failed ends the stream here, not hours later at its end.
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
        var fresh = new byte[packSize];
        buffer = fresh;
        return fresh;
    }

    private void flush() {
        var full = buffer;
        if (full == null) {
            return;
        }
        var name = Backups.packName(id, ++packs);
        var size = filled;
        buffer = null;
        filled = 0;
        drafts.getLast().packs().add(workers.submit(() -> store(name, full, size)));
    }

    private Pack store(String name, byte[] content, int size) {
        try {
            var receipt = vault.putIfAbsent(id, name, content, 0, size);
            if (!receipt.created()) {
                // The id is new: the storage wrote the pack and its first answer was lost. Anything else fails
                // here.
                vault.get(name, receipt.seal());
            }
            return new Pack(name, size, receipt.bytes(), receipt.seal());
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            buffers.release();
        }
    }

    /// Waits until every pack is durable.
    List<Archive> finish() throws InterruptedException {
        flush();
        var archives = new ArrayList<Archive>();
        for (var draft : drafts) {
            var stored = new ArrayList<Pack>();
            for (var pack : draft.packs()) {
                try {
                    stored.add(pack.get());
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException known
                            ? known
                            : new IllegalStateException(e.getCause());
                }
            }
            archives.add(new Archive(
                    draft.name(),
                    draft.location(),
                    stored.stream().mapToLong(Pack::bytes).sum(),
                    stored));
        }
        return archives;
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
