package dk.elleve.local;

import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.MailSink;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.PartFailure;
import dk.elleve.kit.test.part.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The mail sink as a process of its own: this same program, called with `mail-sink`.
final class MailPart implements Part {

    static final String COMMAND = "mail-sink";

    private final Place place;
    private final int smtpPort;
    private final int httpPort;
    private final Daemon daemon;

    MailPart(Place place, int smtpPort, int httpPort) {
        this.place = place;
        this.smtpPort = smtpPort;
        this.httpPort = httpPort;
        this.daemon = new Daemon("mail", place);
    }

    /// What the process does: folder, SMTP port, HTTP port, and the address to listen on if not the loopback one.
    static void serve(List<String> words) {
        // Its threads keep the process alive.
        try {
            var address = words.size() > 3 ? InetAddress.getByName(words.get(3)) : InetAddress.getLoopbackAddress();
            var unused = new MailSink(
                    Path.of(words.get(0)),
                    address,
                    Integer.parseInt(words.get(1)),
                    Integer.parseInt(words.get(2)),
                    Clock.systemUTC());
        } catch (UnknownHostException e) {
            throw new Refusal("The mail sink cannot listen on " + words.get(3) + ".");
        }
    }

    String address() {
        return "http://127.0.0.1:" + httpPort + "/mails";
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public void install() {}

    @Override
    public void start() {
        if (running()) {
            return;
        }
        var command = new ArrayList<>(
                List.of(Jvm.program(), "-Xms16m", "-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(thisProgram());
        command.addAll(List.of(
                COMMAND, place.data("mail").toString(), Integer.toString(smtpPort), Integer.toString(httpPort)));
        daemon.start(new Daemon.Command(command, place.root()));
    }

    /// As one jar it is copied first, so that a build does not pull it away from under the running process.
    private List<String> thisProgram() {
        var classpath = System.getProperty("java.class.path");
        var packed =
                String.valueOf(Launcher.class.getResource("Launcher.class")).startsWith("jar:nested:");
        if (!packed) {
            return List.of("-cp", classpath, Launcher.class.getName());
        }
        try {
            var copy = place.root().resolve("services/launcher.jar");
            Files.createDirectories(place.root().resolve("services"));
            Files.copy(Path.of(classpath), copy, StandardCopyOption.REPLACE_EXISTING);
            return List.of("-jar", copy.toString());
        } catch (IOException e) {
            throw new PartFailure("The mail sink's program could not be copied: " + e.getMessage(), e);
        }
    }

    @Override
    public void awaitReady(Duration limit) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(address()))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            daemon.awaitReady(
                    limit,
                    () -> client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    @Override
    public void stop() {
        daemon.stop("TERM", Duration.ofSeconds(5));
    }
}
