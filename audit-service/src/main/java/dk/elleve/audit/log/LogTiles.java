package dk.elleve.audit.log;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileContent;
import dk.elleve.tlog.TileSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
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
    /// the leaves alone.
    void write(List<TileContent> tiles) {
        each(tiles, tile -> blobs.put(CONTAINER, tile.path(), tile.bytes()));
    }

    /// The partial tiles that are stored at the place of a full one.
    List<Tile> partial(Tile full) {
        return blobs.list(CONTAINER, full.path() + ".p/").stream()
                .map(Tile::parse)
                .toList();
    }

    /// None of them is stored any more when it returns.
    void delete(List<Tile> partial) {
        each(partial, tile -> blobs.delete(CONTAINER, tile.path()));
    }

    /// Several under way at once: each waits for the storage, hardly for us.
    private static <T> void each(List<T> all, Consumer<T> work) {
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var running = all.stream()
                    .map(one -> threads.submit(() -> work.accept(one)))
                    .toList();
            for (var each : running) {
                each.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException away ? away : new IllegalStateException(failed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted at the tiles in blob storage", e);
        }
    }
}
