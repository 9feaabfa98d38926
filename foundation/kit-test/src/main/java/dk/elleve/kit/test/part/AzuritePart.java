package dk.elleve.kit.test.part;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Azurite: Azure's blob storage protocol on this machine, data on its disk.
public final class AzuritePart implements Part {

    private static final String HOST = "127.0.0.1";
    /// Azurite's published development account: no secret, and the same everywhere.
    private static final String ACCOUNT = "devstoreaccount1";

    private static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private final Parts parts;
    private final Path data;
    private final int port;
    private final Daemon daemon;

    public AzuritePart(Parts parts, Place place, int port) {
        this.parts = parts;
        this.data = place.data("azurite");
        this.port = port;
        this.daemon = new Daemon("azurite", place);
    }

    @Override
    public String name() {
        return "azurite";
    }

    public String connectionString() {
        return connectionString(HOST, port);
    }

    public static String connectionString(String host, int port) {
        return "DefaultEndpointsProtocol=http;AccountName=" + ACCOUNT + ";AccountKey=" + ACCOUNT_KEY
                + ";BlobEndpoint=http://" + host + ":" + port + "/" + ACCOUNT + ";";
    }

    public Path dataFolder() {
        return data;
    }

    @Override
    public void install() {
        parts.azurite();
    }

    @Override
    public void start() {
        if (running()) {
            return;
        }
        Place.open(data);
        daemon.start(new Daemon.Command(
                List.of(
                        "node",
                        parts.azurite()
                                .resolve("node_modules/azurite/dist/src/blob/main.js")
                                .toString(),
                        "--blobHost",
                        HOST,
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        data.toString(),
                        "--skipApiVersionCheck",
                        "--disableTelemetry",
                        "--silent"),
                data));
    }

    @Override
    public void awaitReady(Duration limit) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(
                            URI.create("http://" + HOST + ":" + port + "/" + ACCOUNT + "?comp=list"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            // Unsigned, so refused; but refused by Azurite.
            daemon.awaitReady(
                    limit,
                    () -> client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 403);
        }
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    @Override
    public void stop() {
        daemon.stop("TERM", Duration.ofSeconds(10));
    }
}
