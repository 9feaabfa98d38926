package dk.elleve.tlog;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// A log behind a web server. Not found is an absence; every other answer than 200 is an error, after one more
/// try.
final class HttpTileSource implements TileSource {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// A bundle of 256 largest entries; nothing a log serves is larger.
    private static final int LARGEST = Tile.FULL * (EntryBundle.MAX_ENTRY_LENGTH + 2);

    private final HttpClient client;
    private final String base;

    HttpTileSource(HttpClient client, URI base) {
        this.client = client;
        this.base = base.toString().replaceFirst("/*$", "/");
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        try {
            return get(path);
        } catch (IOException e) {
            return get(path);
        }
    }

    private Optional<byte[]> get(String path) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .build();
        try {
            var response = client.send(request, BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                return switch (response.statusCode()) {
                    case 200 -> Optional.of(limited(body.readNBytes(LARGEST + 1), path));
                    case 404, 410 -> Optional.empty();
                    default -> throw new IOException("status " + response.statusCode() + " for " + request.uri());
                };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + request.uri(), e);
        }
    }

    private static byte[] limited(byte[] bytes, String path) throws IOException {
        if (bytes.length > LARGEST) {
            throw new IOException(path + " is larger than anything a log serves");
        }
        return bytes;
    }
}
