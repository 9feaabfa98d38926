package dk.elleve.backup.vault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Stands between a client and a real blob storage, and does to some requests what networks and storage
/// accounts do.
final class FaultyStorage implements AutoCloseable {

    enum Fault {
        NONE,
        /// The account's limit is reached.
        TOO_MANY_REQUESTS,
        SERVER_BUSY,
        /// The write or read happens, and nobody hears of it.
        ANSWER_LOST,
        /// The connection breaks in the middle of an answer.
        CUT_OFF,
        /// Nothing is heard of the request any more.
        SILENT,
        /// A bit is turned on the way back.
        FLIPPED
    }

    private static final Set<String> OURS =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final URI storage;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private volatile IntFunction<Fault> plan = request -> Fault.NONE;

    FaultyStorage(URI storage) throws IOException {
        this.storage = storage;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// @param plan what happens to the n-th request from now on
    void plan(IntFunction<Fault> plan) {
        requests.set(0);
        faults.set(0);
        this.plan = plan;
    }

    /// How many requests met with a fault since the last plan.
    int faults() {
        return faults.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        var fault = plan.apply(requests.incrementAndGet());
        if (fault != Fault.NONE) {
            faults.incrementAndGet();
        }
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            switch (fault) {
                case TOO_MANY_REQUESTS -> refuse(exchange, 429, "TooManyRequests");
                case SERVER_BUSY -> refuse(exchange, 503, "ServerBusy");
                case SILENT -> over.await();
                default -> forward(exchange, body, fault);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("x-ms-error-code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    private void forward(HttpExchange exchange, byte[] body, Fault fault) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        storage.resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        var answer = client.send(request.build(), BodyHandlers.ofByteArray());
        if (fault == Fault.ANSWER_LOST) {
            // Closing without a word is what a connection that breaks looks like.
            return;
        }
        var bytes = answer.body();
        answer.headers().map().forEach((name, values) -> {
            if (!name.startsWith(":") && !OURS.contains(name.toLowerCase(Locale.ROOT))) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        if (fault == Fault.FLIPPED && bytes.length > 200) {
            bytes[bytes.length / 2] ^= 1;
        }
        if (exchange.getRequestMethod().equals("HEAD") || bytes.length == 0) {
            exchange.sendResponseHeaders(answer.statusCode(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
        exchange.getResponseBody().write(bytes, 0, fault == Fault.CUT_OFF ? bytes.length / 2 : bytes.length);
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        client.close();
    }
}
