package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.base.Manifest.Part;
import dk.elleve.backup.vault.ClusterVault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Fills packs with blocks; encrypts and stores two while the third fills. Memory is bounded: who fills
/// waits when all buffers are under way.
final class PackWriter implements AutoCloseable {

    private static final int BUFFERS = 3;
    private static final int WORKERS = 2;

    private final ClusterVault vault;
    private final String id;
    private final int packSize;
    private final ExecutorService workers = Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().name("pack-", 1).factory());
    private final Semaphore buffers = new Semaphore(BUFFERS);

    /// Buffers that were under way and can be filled again.
    private final ConcurrentLinkedQueue<byte[]> spare = new ConcurrentLinkedQueue<>();

    private final List<Future<Pack>> packs = new ArrayList<>();
    private final List<Future<Part>> parts = new ArrayList<>();
    private final List<Future<Pack>> sinceLastPart = new ArrayList<>();
    private byte @Nullable [] buffer;
    private int filled;
    private int number;
    private int partNumber;
    private volatile @Nullable RuntimeException failure;

    /// @param number the highest number that a pack of an earlier attempt has
    /// @param partNumber the highest number that a part of an earlier attempt has
    PackWriter(ClusterVault vault, String id, int packSize, int number, int partNumber) {
        this.vault = vault;
        this.id = id;
        this.packSize = packSize;
        this.number = number + 1;
        this.partNumber = partNumber;
    }

    /// The buffer of the pack that is being filled, with room for `bytes` more from [#position] on.
    byte[] room(int bytes) throws IOException {
        if (filled + bytes > packSize) {
            flush();
        }
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
        var used = spare.poll();
        var empty = used == null ? new byte[packSize] : used;
        buffer = empty;
        return empty;
    }

    int position() {
        return filled;
    }

    /// What was written at [#position] stays.
    Extent keep(int bytes) {
        var extent = new Extent(false, number, filled, bytes);
        filled += bytes;
        return extent;
    }

    int packsSinceLastPart() {
        return sinceLastPart.size();
    }

    /// Puts everything kept so far on its way.
    void flush() {
        var full = buffer;
        if (full == null) {
            return;
        }
        buffer = null;
        if (filled == 0) {
            spare.add(full);
            buffers.release();
            return;
        }
        var size = filled;
        var mine = number++;
        filled = 0;
        var stored = workers.submit(() -> store(mine, full, size));
        packs.add(stored);
        sinceLastPart.add(stored);
    }

    /// Writes a part of the index, once every pack it can refer to is durable. Whoever finds it may
    /// rely on them.
    void part(byte[] entries) {
        flush();
        var name = Backups.partName(id, ++partNumber);
        var relied = List.copyOf(sinceLastPart);
        sinceLastPart.clear();
        parts.add(workers.submit(noting(() -> {
            var known = new ArrayList<Pack>();
            for (var pack : relied) {
                // Submitted before this, so under way or done: two workers never wait for each other.
                known.add(result(pack));
            }
            var bytes = Index.write(known, entries);
            var receipt = vault.putSame(id, name, bytes, 0, bytes.length);
            return new Part(name, receipt.bytes(), receipt.seal());
        })));
    }

    private Pack store(int pack, byte[] content, int size) {
        try {
            var name = Backups.packName(id, pack);
            var receipt = vault.putIfAbsent(id, name, content, 0, size);
            if (!receipt.created()) {
                // The number is new: the storage wrote the pack and its first answer was lost. Anything else fails
                // here.
                vault.get(name, receipt.seal());
            }
            return new Pack(pack, size, receipt.bytes(), receipt.seal(), receipt.chunks());
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            spare.add(content);
            buffers.release();
        }
    }

    private <T> Callable<T> noting(Callable<T> work) {
        return () -> {
            try {
                return work.call();
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        };
    }

    List<Pack> packs() throws InterruptedException {
        return results(packs);
    }

    List<Part> parts() throws InterruptedException {
        return results(parts);
    }

    private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException {
        var done = new ArrayList<T>();
        for (var future : futures) {
            done.add(result(future));
        }
        return done;
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
