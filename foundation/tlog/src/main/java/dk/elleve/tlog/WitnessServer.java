package dk.elleve.tlog;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A witness behind HTTP: `java -jar tlog.jar witness`. To be run by somebody else than the log, on another machine;
/// TLS is the business of what stands before it.
public final class WitnessServer implements AutoCloseable {

    private static final String HELP = """
            Cosigns a log's checkpoints, as somebody else than the log (c2sp.org/tlog-witness).

              java -jar tlog.jar witness --name NAME --log VKEY --dir DIR [OPTIONS]

              --name NAME          this witness's name, such as witness.example.org/w1
              --log VKEY           verifier key of a log it cosigns for; may be given several times
              --dir DIR            keeps its key and what it cosigned last. Never lose it, never copy it back from a
                                   backup: a witness that forgets may cosign two histories
              --listen HOST:PORT   127.0.0.1:8090 if not given; put what speaks TLS before it
              --help               this text

            Prints the verifier key to be given to the log and to everybody who verifies. Requests:
              POST /add-checkpoint              what the log asks
              GET  /<SHA-256 of origin>/checkpoint   what was cosigned last, for anybody
            """;

    /// Larger than a proof of 63 hashes and a note with a hundred signatures.
    private static final int LONGEST_BODY = 64 * 1024;

    private final HttpServer server;
    private final Witness witness;

    /// @param address where it listens; port 0 chooses one
    public WitnessServer(Witness witness, InetSocketAddress address) throws IOException {
        this.witness = witness;
        this.server = HttpServer.create(address, 64);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange);
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Witness.Answer answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var method = exchange.getRequestMethod();
        if (path.equals("/" + Witness.ADD_CHECKPOINT)) {
            if (!method.equals("POST")) {
                return plain(405, "POST it");
            }
            var body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
            return body.length > LONGEST_BODY ? plain(413, "too long") : witness.add(body);
        }
        if (path.endsWith("/checkpoint") && method.equals("GET")) {
            var note = witness.latest(path.substring(1, path.length() - "/checkpoint".length()));
            if (note.isPresent()) {
                return new Witness.Answer(200, "text/plain; charset=utf-8", note.get());
            }
        }
        return plain(404, "POST /" + Witness.ADD_CHECKPOINT + " or GET /<SHA-256 of the origin>/checkpoint");
    }

    private static Witness.Answer plain(int status, String text) {
        return new Witness.Answer(status, "text/plain; charset=utf-8", text + "\n");
    }

    @Override
    public void close() {
        server.stop(0);
        witness.close();
    }

    /// Runs until the process is ended.
    ///
    /// @return 0 after `--help`, 2 when it cannot start; then the reason is on `err`
    static int run(List<String> words, PrintStream out, PrintStream err) throws InterruptedException {
        var args = new ArrayDeque<>(words);
        String name = "";
        String dir = "";
        String listen = "127.0.0.1:8090";
        var logs = new ArrayList<VerifierKey>();
        try {
            while (!args.isEmpty()) {
                var option = args.remove();
                if (option.equals("--help") || option.equals("-h")) {
                    out.print(HELP);
                    return 0;
                }
                if (!List.of("--name", "--log", "--dir", "--listen").contains(option)) {
                    throw new MalformedException("there is no option " + option + "; --help lists them");
                }
                var value = args.poll();
                if (value == null) {
                    throw new MalformedException(option + " needs a value");
                }
                switch (option) {
                    case "--name" -> name = value;
                    case "--log" -> logs.add(VerifierKey.parse(value));
                    case "--dir" -> dir = value;
                    default -> listen = value;
                }
            }
            if (logs.isEmpty() || dir.isEmpty()) {
                throw new MalformedException("it wants --log and --dir; --help shows the others");
            }
            var folder = Files.createDirectories(Path.of(dir));
            var key = key(folder.resolve("key"), name);
            var witness = new Witness(key, logs, folder.resolve("logs"), Clock.systemUTC());
            try (var server = new WitnessServer(witness, address(listen))) {
                out.println("Cosigns for " + logs.stream().map(VerifierKey::id).toList() + " on "
                        + listen.substring(0, listen.lastIndexOf(':')) + ":" + server.port());
                out.println("Verifier key: " + key.verifier());
                out.flush();
                new CountDownLatch(1).await();
            }
            return 0;
        } catch (TlogException | IOException | IllegalArgumentException wrong) {
            err.println("witness: " + wrong.getMessage());
            return 2;
        }
    }

    /// Made at the first start, readable by its owner alone.
    private static SignerKey key(Path file, String name) throws IOException {
        if (Files.exists(file)) {
            var key = SignerKey.parse(Files.readString(file));
            if (!name.isEmpty() && !name.equals(key.verifier().name())) {
                throw new MalformedException(
                        "the key in " + file + " is of " + key.verifier().name() + ", not of " + name);
            }
            return key;
        }
        if (name.isEmpty()) {
            throw new MalformedException("the first start makes its key and wants --name");
        }
        var key = SignerKey.generate(name, SignatureType.COSIGNATURE_V1, new SecureRandom());
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, key.secret() + "\n");
        return key;
    }

    private static InetSocketAddress address(String listen) {
        int colon = listen.lastIndexOf(':');
        if (colon < 1) {
            throw new MalformedException("--listen is HOST:PORT, not '" + listen + "'");
        }
        return new InetSocketAddress(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    }
}
