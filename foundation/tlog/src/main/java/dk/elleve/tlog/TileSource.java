package dk.elleve.tlog;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Where a log's published resources are kept: a directory, a web server, a blob container, a map.
@FunctionalInterface
public interface TileSource {

    /// The bytes at a path such as `checkpoint` or `tile/0/x001/067`, or empty where there is nothing. Called
    /// from several threads at once. What comes back is not trusted.
    ///
    /// @throws IOException when it cannot be known now whether there is something
    Optional<byte[]> read(String path) throws IOException;

    static TileSource directory(Path root) {
        return path -> {
            var file = root.resolve(path);
            // `tile/0/000.p` is a directory beside the file `tile/0/000`: reading one as a file would be an error, not
            // an absence.
            if (Files.isDirectory(file)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        };
    }

    /// @param base what stands before `checkpoint` and `tile/`; with or without a slash at the end
    static TileSource http(HttpClient client, URI base) {
        return new HttpTileSource(client, base);
    }
}
