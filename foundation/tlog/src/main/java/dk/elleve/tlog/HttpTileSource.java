package dk.elleve.tlog;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// A log behind a web server. Not found is an absence; every other answer than 200 is an error, after one more
/// try. Only *too many requests* is none: a whole log is more of them than a server takes at once.
final class HttpTileSource implements TileSource {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int TOO_MANY_REQUESTS = 429;

    /// Others read at the same time and may get there first; so often in a row it is no chance any more.
    private static final int MOST_REFUSALS = 60;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

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
            for (int refusals = 0; ; refusals++) {
                var response = client.send(request, BodyHandlers.ofInputStream());
                try (var body = response.body()) {
                    int status = response.statusCode();
                    if (status == 200) {
                        return Optional.of(limited(body.readNBytes(LARGEST + 1), path));
                    }
                    if (status == 404 || status == 410) {
                        return Optional.empty();
                    }
                    if (status != TOO_MANY_REQUESTS || refusals == MOST_REFUSALS) {
                        throw new IOException("status " + status + " for " + request.uri());
                    }
                }
                // Not a guess: the server has said how long it wants to be left alone (RFC 9110, 10.2.3).
                Thread.sleep(pause(response.headers()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + request.uri(), e);
        }
    }

    private static Duration pause(HttpHeaders headers) {
        var asked = headers.firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,9}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElse(Duration.ofSeconds(1));
        return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
    }

    private static byte[] limited(byte[] bytes, String path) throws IOException {
        if (bytes.length > LARGEST) {
            throw new IOException(path + " is larger than anything a log serves");
        }
        return bytes;
    }
}
