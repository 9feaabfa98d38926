package dk.elleve.audit.checkpoint;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.pem.PemContent;

/// Has a time stamping authority say when the anchor of the checkpoint was there at the latest, and
/// keeps that beside the anchor. The authority is told a hash of it and nothing else.
final class TimestampAnchor implements SecondAnchor {

    static final String KIND = "timestamp";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(TimestampAnchor.class);

    private final SecondAnchorProperties.Timestamp authority;
    private final TimeStamps stamps;
    private final Anchors anchors;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /// @throws IOException if the certificates of those who are trusted cannot be read
    TimestampAnchor(SecondAnchorProperties.Timestamp authority, Anchors anchors) throws IOException {
        this.authority = authority;
        this.stamps =
                new TimeStamps(PemContent.of(Files.readString(authority.ca())).getCertificates(), new SecureRandom());
        this.anchors = anchors;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void anchor(Publisher.Published published) throws IOException, InterruptedException {
        var note = anchors.note(published.size())
                .orElseThrow(() -> new IOException("The anchor of size " + published.size() + " is gone"));
        var request = stamps.request(note);
        var answer = http.send(
                HttpRequest.newBuilder(authority.url())
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/timestamp-query")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.getEncoded()))
                        .build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        if (answer.statusCode() != 200) {
            throw new IOException("The time stamping authority answered " + answer.statusCode());
        }
        try {
            var at = stamps.verified(request, answer.body());
            anchors.keepStamp(published.size(), answer.body());
            log.info("The checkpoint of size {} is stamped: it was there at {}", published.size(), at);
        } catch (TimeStamps.Refused refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
