package dk.elleve.audit.checkpoint;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/// Posts the signed note, with the witnesses' cosignatures, to an address of somebody's choice. It
/// holds hashes and signatures and says nothing of anybody.
final class WebhookAnchor implements SecondAnchor {

    static final String KIND = "webhook";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SecondAnchorProperties.Webhook webhook;
    private final String origin;
    private final HttpClient http;

    /// @throws IOException if the certificates of its authority cannot be read
    WebhookAnchor(SecondAnchorProperties.Webhook webhook, String origin) throws IOException {
        this.webhook = webhook;
        this.origin = origin;
        // Follows no redirects: a token is for one address.
        var builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        if (webhook.ca() != null) {
            var ca = PemSslStoreDetails.forCertificate(Files.readString(webhook.ca()));
            builder.sslContext(SslBundle.of(new PemSslStoreBundle(null, ca)).createSslContext());
        }
        this.http = builder.build();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void anchor(Publisher.Published published) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(webhook.url())
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("Elleve-Log-Origin", origin)
                .header("Elleve-Log-Size", Long.toString(published.size()))
                .POST(HttpRequest.BodyPublishers.ofString(published.note(), StandardCharsets.UTF_8));
        if (webhook.token() != null) {
            // Read each time: a token that was renewed needs no restart.
            request.header(
                    "Authorization",
                    "Bearer " + Files.readString(webhook.token()).strip());
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("The webhook answered " + answer.statusCode());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
