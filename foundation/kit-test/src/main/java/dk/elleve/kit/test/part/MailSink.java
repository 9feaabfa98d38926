package dk.elleve.kit.test.part;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Takes every mail by SMTP and delivers none: they lie as `.eml` files in one folder and are read over HTTP.
/// `GET /mails` lists them, newest first; `GET /mails/{id}` is one as it came. A mail is on disk before it is accepted.
public final class MailSink implements AutoCloseable {

    /// @param text the plain text body, or the first part that is text
    public record Mail(String id, String from, List<String> to, String subject, Instant receivedAt, String text) {}

    private static final Pattern ADDRESS = Pattern.compile("<([^>]*)>");
    private static final int MAX_MAIL = 25 * 1024 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final Clock clock;
    private final AtomicLong counter = new AtomicLong();
    private final ServerSocket smtp;
    private final HttpServer http;

    /// Listens on the loopback address.
    public MailSink(Path folder, int smtpPort, int httpPort, Clock clock) {
        this(folder, InetAddress.getLoopbackAddress(), smtpPort, httpPort, clock);
    }

    public MailSink(Path folder, InetAddress address, int smtpPort, int httpPort, Clock clock) {
        this.folder = Place.closed(folder);
        this.clock = clock;
        try {
            smtp = new ServerSocket(smtpPort, 50, address);
            http = HttpServer.create(new InetSocketAddress(address, httpPort), 0);
        } catch (IOException e) {
            throw new PartFailure("The mail sink could not listen: " + e.getMessage(), e);
        }
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/mails", this::answer);
        http.start();
        Thread.ofPlatform().name("smtp").start(this::accept);
    }

    public int smtpPort() {
        return smtp.getLocalPort();
    }

    public int httpPort() {
        return http.getAddress().getPort();
    }

    private void accept() {
        while (!smtp.isClosed()) {
            try {
                var socket = smtp.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                // Closed, or one caller hung up early: the loop's condition tells which.
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            say(out, "220 elleve mail sink");
            var from = "";
            var to = new ArrayList<String>();
            for (String line; (line = line(in)) != null; ) {
                var verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> {
                        say(out, "250-elleve");
                        say(out, "250-8BITMIME");
                        say(out, "250 SIZE " + MAX_MAIL);
                    }
                    case "HELO", "NOOP" -> say(out, "250 elleve");
                    case "RSET" -> {
                        to.clear();
                        say(out, "250 forgotten");
                    }
                    case "MAIL" -> {
                        from = address(line);
                        to.clear();
                        say(out, "250 sender taken");
                    }
                    case "RCPT" -> {
                        to.add(address(line));
                        say(out, "250 recipient taken");
                    }
                    case "DATA" -> {
                        if (to.isEmpty()) {
                            say(out, "503 no recipient yet");
                        } else {
                            say(out, "354 end with a dot");
                            keep(from, to, body(in));
                            say(out, "250 kept");
                        }
                    }
                    case "QUIT" -> {
                        say(out, "221 goodbye");
                        return;
                    }
                    default -> say(out, "502 not known here");
                }
            }
        } catch (IOException e) {
            // The caller has gone; what was acknowledged is on disk.
        }
    }

    private void keep(String from, List<String> to, byte[] body) throws IOException {
        var now = clock.instant();
        var id = "%013d-%04d".formatted(now.toEpochMilli(), counter.getAndIncrement() % 10_000);
        var envelope = "X-Envelope-From: " + from + "\r\nX-Envelope-To: " + String.join(", ", to) + "\r\n";
        var temporary = Files.createTempFile(folder, id, ".new");
        try (var out = Files.newOutputStream(temporary)) {
            out.write(envelope.getBytes(StandardCharsets.UTF_8));
            out.write(body);
        }
        Files.move(temporary, folder.resolve(id + ".eml"), StandardCopyOption.ATOMIC_MOVE);
    }

    public List<Mail> mails() {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted((a, b) -> b.getFileName().compareTo(a.getFileName()))
                    .map(MailSink::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Mail read(Path file) {
        var id = file.getFileName().toString().replace(".eml", "");
        try (var in = Files.newInputStream(file)) {
            var message = new MimeMessage(Session.getInstance(new Properties()), in);
            return new Mail(
                    id,
                    header(message, "X-Envelope-From"),
                    List.of(header(message, "X-Envelope-To").split(", ")),
                    message.getSubject() == null ? "" : message.getSubject(),
                    Instant.ofEpochMilli(Long.parseLong(id.substring(0, 13))),
                    text(message.getContent()));
        } catch (IOException | MessagingException e) {
            throw new PartFailure("The mail " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String header(MimeMessage message, String name) throws MessagingException {
        var value = message.getHeader(name, null);
        return value == null ? "" : value;
    }

    private static String text(Object content) throws MessagingException, IOException {
        if (content instanceof String text) {
            return text;
        }
        if (content instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart part = parts.getBodyPart(i);
                var text = text(part.getContent());
                if (!text.isEmpty()) {
                    return text;
                }
            }
        }
        return "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, 405, "text/plain", "Only GET".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/mails")) {
            send(exchange, 200, "application/json", JSON.writeValueAsBytes(mails()));
        } else if (path.matches("/mails/[0-9]{13}-[0-9]{4}")) {
            var file = folder.resolve(path.substring("/mails/".length()) + ".eml");
            if (Files.exists(file)) {
                send(exchange, 200, "message/rfc822", Files.readAllBytes(file));
            } else {
                send(exchange, 404, "text/plain", "No such mail".getBytes(StandardCharsets.UTF_8));
            }
        } else {
            send(exchange, 404, "text/plain", "GET /mails or /mails/{id}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String address(String line) {
        var found = ADDRESS.matcher(line);
        return found.find() ? found.group(1) : "";
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var bytes = rawLine(in);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }

    private static byte @Nullable [] rawLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int each; (each = in.read()) >= 0; ) {
            line.write(each);
            if (each == '\n') {
                return line.toByteArray();
            }
            if (line.size() > MAX_MAIL) {
                throw new IOException("line too long");
            }
        }
        return null;
    }

    private static byte[] body(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (byte[] line; (line = rawLine(in)) != null; ) {
            var isDot = line[0] == '.';
            if (isDot && new String(line, StandardCharsets.US_ASCII).strip().equals(".")) {
                return body.toByteArray();
            }
            // A leading dot was doubled by the sender.
            body.write(line, isDot ? 1 : 0, line.length - (isDot ? 1 : 0));
            if (body.size() > MAX_MAIL) {
                throw new IOException("mail too big");
            }
        }
        throw new IOException("the sender hung up in the middle of a mail");
    }

    @Override
    public void close() {
        http.stop(0);
        try {
            smtp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
