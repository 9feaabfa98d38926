package dk.elleve.audit.log;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.tlog.TileContent;
import dk.elleve.tlog.TileSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The published resources of the log, in the blob container `log` under the paths of c2sp.org/tlog-tiles.
@Component
public final class LogTiles implements TileSource {

    public static final String CONTAINER = "log";

    private final BlobStore blobs;

    LogTiles(BlobStore blobs) {
        this.blobs = blobs;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return blobs.get(CONTAINER, path);
    }

    /// Writing a tile again is harmless: what stands under a path is decided by the leaves alone.
    void write(TileContent tile) {
        blobs.put(CONTAINER, tile.path(), tile.bytes());
    }
}
