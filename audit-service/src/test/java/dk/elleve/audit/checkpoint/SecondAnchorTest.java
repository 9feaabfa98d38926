package dk.elleve.audit.checkpoint;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dk.elleve.audit.AuditRig;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.LogParts;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.tlog.SignedCheckpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/// The checkpoints of the running service, anchored at places of this test.
class SecondAnchorTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(40);

    private static OpenSsl authority;

    @Autowired
    private SecondAnchorStore store;

    @Autowired
    private Publisher publisher;

    @Autowired
    private Anchors anchors;

    @Autowired
    private LogKey key;

    @Autowired
    private Transactions transactions;

    @Autowired
    private Journal journal;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<HttpServer> servers = new ArrayList<>();
    private MovingClock clock = new MovingClock(Instant.EPOCH);

    @BeforeAll
    static void found(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isExecutable(OpenSsl.PROGRAM), OpenSsl.ABSENT);
        authority = new OpenSsl(folder.resolve("authority"));
        authority.signed("localhost", "subjectAltName=DNS:localhost");
    }

    /// Each test comes days after the one before, whatever is stored of that.
    @BeforeEach
    void later() {
        var now = Clock.systemUTC().instant();
        for (var kind : List.of(WebhookAnchor.KIND, TimestampAnchor.KIND)) {
            var done = transactions.read(Scope.platform(), () -> store.done(kind));
            now = done.map(SecondAnchorStore.Done::next).filter(now::isBefore).orElse(now);
        }
        clock = new MovingClock(now.plus(Duration.ofDays(1)));
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void a_checkpoint_is_stamped_once_in_a_while_and_openssl_verifies_the_stamp() throws Exception {
        var asked = new CopyOnWriteArrayList<String>();
        var url = http(exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Content-Type"));
            answer(exchange, 200, authority.reply(exchange.getRequestBody().readAllBytes()));
        });
        var second = stamping(url);
        long size = grown();

        second.turn();

        assertThat(asked).containsExactly("application/timestamp-query");
        long stamped = newest(TimestampAnchor.KIND);
        assertThat(stamped).isGreaterThanOrEqualTo(size);
        var note = anchors.note(stamped).orElseThrow();
        var stamp = anchors.stamp(stamped).orElseThrow();
        assertThat(authority.verify(note, stamp)).contains("Verification: OK");
        theSameIsThereForEverybody(stamped, note, stamp);
        note[20] ^= 1;
        assertThatThrownBy(() -> authority.verify(note, stamp)).hasMessageContaining("message imprint mismatch");
        assertThat(anchors.beyond(0).orElseThrow().size())
                .as("the anchors are read as before")
                .isGreaterThanOrEqualTo(stamped);

        grown();
        clock.advance(Duration.ofMinutes(9));
        second.turn();
        assertThat(asked).hasSize(1);

        clock.advance(Duration.ofMinutes(1));
        second.turn();
        assertThat(asked).hasSize(2);
        assertThat(newest(TimestampAnchor.KIND)).isGreaterThan(stamped);
        assertThat(failures(TimestampAnchor.KIND)).isZero();
    }

    private void theSameIsThereForEverybody(long size, byte[] note, byte[] stamp) throws Exception {
        var newest = get(null, "/log/stamps?limit=1");
        assertThat(newest.items().path(0).path("size").asLong()).isEqualTo(size);
        assertThat(bytes("/log/stamps/" + size)).isEqualTo(stamp);
        assertThat(bytes("/log/anchors/" + size)).isEqualTo(note);
        assertThat(get(null, "/log/stamps/0").json().path("code").asString()).isEqualTo("no-stamp");
        for (var none : List.of(-1L, Long.MAX_VALUE)) {
            assertThat(get(null, "/log/anchors/" + none).json().path("code").asString())
                    .isEqualTo("no-anchor");
        }
        assertThat(get(null, "/log/stamps/first").status()).isEqualTo(400);
    }

    private byte[] bytes(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(address() + path)).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        }
    }

    @Test
    void an_answer_that_proves_nothing_is_not_kept_and_is_asked_for_again() throws Exception {
        var answers = new ArrayList<HttpHandler>(List.of(
                exchange -> answer(exchange, 503, new byte[0]),
                exchange -> answer(exchange, 200, "<html>".getBytes(StandardCharsets.UTF_8)),
                exchange -> answer(exchange, 200, new byte[100_000]),
                exchange -> answer(
                        exchange,
                        200,
                        authority.rejection(exchange.getRequestBody().readAllBytes())),
                exchange -> answer(
                        exchange, 200, authority.reply(exchange.getRequestBody().readAllBytes()))));
        var second = stamping(http(exchange -> answers.removeFirst().handle(exchange)));
        long before = newest(TimestampAnchor.KIND);
        grown();

        for (int failed = 1; failed <= 4; failed++) {
            second.turn();
            second.turn(); // rests
            assertThat(failures(TimestampAnchor.KIND)).isEqualTo(failed);
            assertThat(newest(TimestampAnchor.KIND)).isEqualTo(before);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(sample(second).age(TimestampAnchor.KIND)).isGreaterThan(200);

        second.turn();

        assertThat(newest(TimestampAnchor.KIND)).isGreaterThan(before);
        assertThat(anchors.stamp(newest(TimestampAnchor.KIND))).isPresent();
    }

    @Test
    void the_signed_note_is_posted_with_its_origin_and_size_and_the_token(@TempDir Path folder) throws Exception {
        var token = Files.writeString(folder.resolve("token"), "first\n");
        var heard = new CopyOnWriteArrayList<Map<String, @Nullable String>>();
        var url = https(exchange -> {
            var headers = exchange.getRequestHeaders();
            var told = new HashMap<String, @Nullable String>();
            for (var name : List.of("Authorization", "Content-Type", "Elleve-Log-Origin", "Elleve-Log-Size")) {
                told.put(name, headers.getFirst(name));
            }
            told.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            heard.add(told);
            answer(exchange, heard.size() == 1 ? 500 : 202, new byte[0]);
        });
        var second = anchoring(new SecondAnchorProperties(
                Duration.ofMinutes(10), new SecondAnchorProperties.Webhook(url, token, authority.ca()), null));
        grown();

        second.turn();
        assertThat(failures(WebhookAnchor.KIND)).isEqualTo(1);
        Files.writeString(token, "second\n");
        clock.advance(Duration.ofMinutes(1));
        second.turn();

        assertThat(heard).hasSize(2);
        var told = heard.getLast();
        var note = SignedCheckpoint.open(String.valueOf(told.get("body")), List.of(key.verifier()));
        assertThat(told)
                .containsEntry("Authorization", "Bearer second")
                .containsEntry("Content-Type", "text/plain; charset=utf-8")
                .containsEntry("Elleve-Log-Origin", note.checkpoint().origin())
                .containsEntry(
                        "Elleve-Log-Size", Long.toString(note.checkpoint().size()));
        assertThat(newest(WebhookAnchor.KIND)).isEqualTo(note.checkpoint().size());
        assertThat(failures(WebhookAnchor.KIND)).isEqualTo(1);
    }

    @Test
    void a_webhook_whose_certificate_is_not_trusted_hears_nothing() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var url = https(exchange -> heard.add("something"));
        var second = anchoring(new SecondAnchorProperties(
                Duration.ofMinutes(10), new SecondAnchorProperties.Webhook(url, null, null), null));
        grown();

        second.turn();

        assertThat(failures(WebhookAnchor.KIND)).isEqualTo(1);
        assertThat(heard).isEmpty();
        assertThatThrownBy(() -> new SecondAnchorProperties.Webhook(URI.create("http://localhost/"), null, null))
                .hasMessageContaining("https");
    }

    @Test
    void an_anchor_that_hangs_holds_up_no_checkpoint_and_its_age_is_told() throws Exception {
        var second = stamping(http(exchange -> {
            // Reads, and never answers.
            exchange.getRequestBody().readAllBytes();
        }));
        grown();
        second.start();
        try {
            long size = publisher.published().orElseThrow().size();
            assertThat(grown()).isGreaterThan(size);
            clock.advance(Duration.ofHours(2));
            eventually(
                    "it is told",
                    SOON,
                    () -> assertThat(sample(second).age(TimestampAnchor.KIND)).isGreaterThan(7000));
        } finally {
            second.stop();
        }
        assertThat(sample(second).interval()).isEqualTo(600);
        assertThat(sample(second).age(WebhookAnchor.KIND)).as("nobody wants it").isZero();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private URI http(HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        return started(server, "http", handler);
    }

    private URI https(HttpHandler handler) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var details = PemSslStoreDetails.forCertificate(Files.readString(authority.file("localhost.pem")))
                .withPrivateKey(Files.readString(authority.file("localhost.key")));
        server.setHttpsConfigurator(new HttpsConfigurator(
                SslBundle.of(new PemSslStoreBundle(details, null)).createSslContext()));
        return started(server, "https", handler);
    }

    private URI started(HttpServer server, String scheme, HttpHandler handler) {
        server.createContext("/", handler);
        server.start();
        servers.add(server);
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/");
    }

    private SecondAnchors stamping(URI url) {
        return anchoring(new SecondAnchorProperties(
                Duration.ofMinutes(10), null, new SecondAnchorProperties.Timestamp(url, authority.ca())));
    }

    private SecondAnchors anchoring(SecondAnchorProperties properties) {
        return new SecondAnchors(properties, store, publisher, anchors, key, transactions, clock, meters);
    }

    /// One entry more, and the size of the checkpoint that has it.
    private long grown() {
        long before = publisher.published().map(Publisher.Published::size).orElse(0L);
        transactions.run(Scope.platform(), Actor.system("test/second-anchors"), () -> journal.add(LogParts.entry()));
        eventually(
                "a checkpoint has it",
                SOON,
                () -> assertThat(publisher
                                .published()
                                .map(Publisher.Published::size)
                                .orElse(0L))
                        .isGreaterThan(before));
        return publisher.published().orElseThrow().size();
    }

    private long newest(String kind) {
        return transactions
                .read(Scope.platform(), () -> store.done(kind))
                .map(SecondAnchorStore.Done::size)
                .orElse(0L);
    }

    private double failures(String kind) {
        return meters.get("elleve.audit.second.anchor.failures")
                .tag("kind", kind)
                .counter()
                .count();
    }

    private record Told(Map<String, Double> values) {

        double age(String kind) {
            return values.getOrDefault("elleve.audit.second.anchor.age " + kind, Double.NaN);
        }

        double interval() {
            return values.getOrDefault("elleve.audit.second.anchor.interval webhook", Double.NaN);
        }
    }

    private static Told sample(SecondAnchors second) {
        var values = new HashMap<String, Double>();
        second.sample(new Sample() {
            @Override
            public void put(Measure measure, double value, String... labels) {
                values.put(measure.name() + " " + labels[1], value);
            }
        });
        return new Told(values);
    }
}
