package dk.elleve.backup.base;

import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.base.Manifest.Part;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.Content;
import dk.elleve.backup.vault.Draft;
import dk.elleve.backup.vault.Press;
import dk.elleve.backup.vault.Stretch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Fills packs with blocks. Each chunk is sealed as soon as it is full; when a pack is, it is
/// stored, while the next two fill. Memory is bounded: who fills waits when all chunks are being
/// sealed, or all packs are under way.
final class PackWriter implements AutoCloseable {

    private static final int CHUNKS = 8;
    private static final int PACKS = 3;
    private static final int WORKERS = 2;
    private static final byte[] NONE = new byte[0];

    private final ClusterVault vault;
    private final String id;
    private final int packSize;
    private final ThreadLocal<Press> presses = new ThreadLocal<>();
    private final ExecutorService sealing = Executors.newFixedThreadPool(WORKERS, this::sealer);
    private final ExecutorService storing = Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().name("store-", 1).factory());

    /// Room for chunks that is not in use; `NONE` as long as it has never been.
    private final BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(CHUNKS);

    private final Semaphore underWay = new Semaphore(PACKS);
    private final List<Future<Pack>> packs = new ArrayList<>();
    private final List<Future<Part>> parts = new ArrayList<>();
    private final List<Future<Pack>> sinceLastPart = new ArrayList<>();
    private @Nullable Filling filling;
    private int number;
    private int partNumber;
    private volatile @Nullable RuntimeException failure;

    /// The pack that is being filled, and of it the chunk that is.
    private final class Filling {

        final Draft draft;
        final List<Future<byte[]>> sealed = new ArrayList<>();
        byte[] chunk;
        int inChunk;
        int size;

        Filling() throws IOException {
            await(() -> {
                underWay.acquire();
                return underWay;
            });
            this.draft = vault.draft(id, Backups.packName(id, number));
            this.chunk = empty();
        }

        void add(byte[] source, int offset, int length) throws IOException {
            for (var added = 0; added < length; ) {
                if (inChunk == Stretch.CHUNK) {
                    // Only now it is certain that it is not the last one.
                    seal(false);
                    chunk = empty();
                    inChunk = 0;
                }
                var stretch = Math.min(length - added, Stretch.CHUNK - inChunk);
                System.arraycopy(source, offset + added, chunk, inChunk, stretch);
                inChunk += stretch;
                added += stretch;
            }
            size += length;
        }

        void seal(boolean last) {
            var content = chunk;
            var length = inChunk;
            var place = sealed.size();
            sealed.add(sealing.submit(noting(() -> {
                try {
                    return draft.seal(presses.get(), place, content, 0, length, last);
                } finally {
                    spare.add(content);
                }
            })));
        }
    }

    /// @param number the highest number that a pack of an earlier attempt has
    /// @param partNumber the highest number that a part of an earlier attempt has
    PackWriter(ClusterVault vault, String id, int packSize, int number, int partNumber) {
        this.vault = vault;
        this.id = id;
        this.packSize = packSize;
        this.number = number + 1;
        this.partNumber = partNumber;
        for (var i = 0; i < CHUNKS; i++) {
            spare.add(NONE);
        }
    }

    /// A thread that has a press for as long as it lives.
    private Thread sealer(Runnable work) {
        return Thread.ofPlatform().name("seal").unstarted(() -> {
            try (var press = new Press()) {
                presses.set(press);
                work.run();
            }
        });
    }

    /// Takes a block into the pack that is being filled.
    Extent keep(byte[] source, int offset, int length) throws IOException {
        if (filling != null && filling.size + length > packSize) {
            flush();
        }
        if (filling == null) {
            filling = new Filling();
        }
        var extent = new Extent(false, number, filling.size, length);
        filling.add(source, offset, length);
        return extent;
    }

    private byte[] empty() throws IOException {
        var room = await(spare::take);
        return room == NONE ? new byte[Stretch.CHUNK] : room;
    }

    private interface Wait<T> {
        T await() throws InterruptedException;
    }

    private <T> T await(Wait<T> wait) throws IOException {
        // A pack that failed ends the stream here, not hours later at its end.
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
        try {
            return wait.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the backup was interrupted", e);
        }
    }

    int packsSinceLastPart() {
        return sinceLastPart.size();
    }

    /// Puts everything kept so far on its way.
    void flush() {
        var full = filling;
        if (full == null) {
            return;
        }
        filling = null;
        full.seal(true);
        var mine = number++;
        var stored = storing.submit(noting(() -> {
            try {
                return store(mine, full);
            } finally {
                underWay.release();
            }
        }));
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
        parts.add(storing.submit(noting(() -> {
            // Submitted before this, so under way or done: two workers never wait for each other.
            var bytes = Index.write(results(relied), entries);
            var receipt = vault.putSame(id, name, bytes, 0, bytes.length);
            return new Part(name, receipt.bytes(), receipt.seal());
        })));
    }

    private Pack store(int pack, Filling full) throws InterruptedException {
        var receipt = vault.putIfAbsent(full.draft, results(full.sealed));
        if (!receipt.created()) {
            // The number is new: the storage wrote the pack and its first answer was lost. Anything
            // else fails here.
            vault.read(Backups.packName(id, pack), receipt.seal(), Content.NONE);
        }
        return new Pack(pack, full.size, receipt.bytes(), receipt.seal(), receipt.chunks());
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
        sealing.shutdownNow();
        storing.shutdownNow();
    }
}
