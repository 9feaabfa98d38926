package dk.elleve.audit.log;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.tlog.TileContent;
import dk.elleve.tlog.TileSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.springframework.stereotype.Component;

/// The published resources of the log, in the blob container `log` under the paths of c2sp.org/tlog-tiles.
@Component
public final class LogTiles implements TileSource {

    public static final String CONTAINER = "log";

    private static final int AT_ONCE = 8;

    private final BlobStore blobs;

    LogTiles(BlobStore blobs) {
        this.blobs = blobs;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return blobs.get(CONTAINER, path);
    }

    /// All of them are stored when it returns. Writing a tile again is harmless: what stands under a path is decided by
    /// the leaves alone. Therefore several may be under way at once; each waits for the storage, hardly for us.
    void write(List<TileContent> tiles) {
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var writes = tiles.stream()
                    .map(tile -> threads.submit(() -> blobs.put(CONTAINER, tile.path(), tile.bytes())))
                    .toList();
            for (var write : writes) {
                write.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException away ? away : new IllegalStateException(failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while tiles were written", e);
        }
    }
}
