package dk.elleve.kit.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dk.elleve.kit.test.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Operators;

/// What the storage says of itself: Azurite for real, and what only Azure says, word for word, by a
/// server of ours.
class AzureBlobStoreTest {

    @Test
    void azurite_knows_no_immutability_and_says_so() {
        var azurite = new AzureBlobStore(Rig.azurite().connectionString());
        azurite.putIfAbsent("inspected", "one", new byte[] {1});

        var told = azurite.protection("inspected");

        assertThat(told.immutability()).isFalse();
        assertThat(told.policy()).isFalse();
        assertThat(told.legalHold()).isFalse();
        assertThat(told.versions()).isFalse();
        assertThat(azurite.protection("not-there-yet").immutability()).isFalse();
    }

    @Test
    void azurite_tells_its_host_and_how_it_is_replicated() {
        var place = new AzureBlobStore(Rig.azurite().connectionString()).place();

        assertThat(place.host()).isEqualTo("127.0.0.1");
        assertThat(place.alias()).isNull();
        assertThat(place.redundancy()).isEqualTo("Standard_RAGRS");
        assertThat(place.isGeoRedundant()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold"})
    void a_blob_that_is_kept_is_told_from_a_storage_that_is_away(String code) throws IOException {
        try (var azure = new FakeAzure()) {
            azure.answers(409, Map.of("x-ms-error-code", code));

            assertThatThrownBy(() -> azure.store().delete("backups", "one"))
                    .isInstanceOf(BlobStore.BlobImmutable.class)
                    .hasMessageContaining(code);
        }
    }

    @Test
    void another_refusal_is_not_taken_for_immutability() throws IOException {
        try (var azure = new FakeAzure()) {
            azure.answers(409, Map.of("x-ms-error-code", "LeaseIdMissing"));

            assertThatThrownBy(() -> azure.store().delete("backups", "one"))
                    .isInstanceOf(BlobStore.BlobStorageAway.class)
                    .isNotInstanceOf(BlobStore.BlobImmutable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void nothing_follows_a_redirect_to_another_host(int status) throws IOException {
        try (var elsewhere = new FakeAzure();
                var azure = new FakeAzure()) {
            azure.answers(status, Map.of("Location", elsewhere.url() + "/backups/one"));

            assertThatThrownBy(() -> azure.store().putIfAbsent("backups", "one", new byte[] {1}))
                    .isInstanceOf(BlobStore.BlobStorageAway.class);
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void whoever_is_interrupted_waits_no_longer_and_nothing_is_told_as_an_error() throws Exception {
        var told = new ListAppender<ILoggingEvent>();
        told.start();
        var log = (Logger) LoggerFactory.getLogger(Operators.class);
        log.addAppender(told);
        try (var azure = new FakeAzure()) {
            var asked = azure.keepsWaiting();
            var reading = new CompletableFuture<Optional<byte[]>>();
            var reader = Thread.ofVirtual().start(() -> {
                try {
                    reading.complete(azure.store().get("backups", "one"));
                } catch (RuntimeException e) {
                    reading.completeExceptionally(e);
                }
            });
            asked.await();

            reader.interrupt();

            assertThat(reading)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(BlobStore.BlobStorageAway.class);
            assertThat(azure.requests()).isEqualTo(1);
        } finally {
            log.detachAppender(told);
        }
        assertThat(told.list).isEmpty();
    }

    @Test
    void who_may_not_ask_for_the_account_is_told_nothing_of_it() throws IOException {
        try (var azure = new FakeAzure()) {
            azure.answers(403, Map.of("x-ms-error-code", "AuthorizationPermissionMismatch"));

            assertThat(azure.store().place().redundancy()).isNull();
        }
    }

    @Test
    void words_for_redundancy_are_understood() {
        assertThat(place("Standard_GRS").isGeoRedundant()).isTrue();
        assertThat(place("Standard_RAGZRS").isGeoRedundant()).isTrue();
        assertThat(place("Standard_GZRS").isGeoRedundant()).isTrue();
        assertThat(place("Standard_ZRS").isGeoRedundant()).isFalse();
        assertThat(place("Premium_LRS").isGeoRedundant()).isFalse();
        assertThat(place(null).isGeoRedundant()).isFalse();
    }

    private static BlobPlace place(String redundancy) {
        return new BlobPlace("vault.blob.core.windows.net", true, null, redundancy);
    }

    private static final class FakeAzure implements AutoCloseable {

        private final HttpServer server;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile int status = 500;
        private volatile @Nullable CountDownLatch waiting;
        private volatile Map<String, String> headers = Map.of();

        FakeAzure() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        void answers(int status, Map<String, String> headers) {
            this.status = status;
            this.headers = headers;
        }

        /// From now on nothing is answered.
        ///
        /// @return open when somebody has asked
        CountDownLatch keepsWaiting() {
            waiting = new CountDownLatch(1);
            return waiting;
        }

        int requests() {
            return requests.get();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/account";
        }

        AzureBlobStore store() {
            return new AzureBlobStore("DefaultEndpointsProtocol=http;AccountName=account;AccountKey="
                    + Base64.getEncoder().encodeToString(new byte[32]) + ";BlobEndpoint=" + url() + ";");
        }

        private void answer(HttpExchange exchange) throws IOException {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            if (waiting != null) {
                waiting.countDown();
                return;
            }
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
