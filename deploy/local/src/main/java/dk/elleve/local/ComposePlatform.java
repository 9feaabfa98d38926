package dk.elleve.local;

import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The platform that `docker compose up` started on this machine. Members are reached by their own names at their own
/// addresses: the host has a foot in each of their networks.
final class ComposePlatform implements Platform, AutoCloseable {

    /// The Java property that names a file to look up host names in.
    private static final String HOSTS = "jdk.net.hosts.file";

    private static final List<String> PARTS = List.of("postgres", "kafka", "keycloak", "azurite", "mail");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Installation installation;
    private final Docker docker;
    private final Path folder;
    private final Path copied;
    private final House house;

    ComposePlatform(Installation installation, String project) {
        this.installation = installation;
        this.docker = new Docker(project);
        this.folder = installation.place().root().resolve("compose").resolve(project);
        mustRun();
        copied = copySecrets();
        writeHosts();
        house = new ContainerHouse(
                Secrets.in(copied.resolve("secrets")),
                AzuritePart.connectionString("azurite", 10000),
                "http://" + docker.published("gateway", 8080),
                "http://" + docker.published("keycloak", 8080));
        try {
            Files.writeString(keyFile(), house.secrets().noteVerifierKey(ServiceSettings.LOG_NAME) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Before the first name is looked up: from then on the Java runtime has decided where to look.
    static void prepareNames() {
        try {
            var file = Files.createTempFile("elleve", ".hosts");
            file.toFile().deleteOnExit();
            System.setProperty(HOSTS, file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hosts() {
        return Objects.requireNonNull(System.getProperty(HOSTS), "names are prepared first");
    }

    /// The folder others must not read; it goes when the demo is over.
    private Path copySecrets() {
        var place = Place.closed(folder.resolve("private"));
        docker.say("cp", docker.must("setup") + ":/secrets", place.toString());
        return place;
    }

    private void writeHosts() {
        var lines = new StringBuilder("127.0.0.1 localhost\n");
        for (var member : members().toList()) {
            var id = docker.must(member);
            var address = docker.inspect(
                    id,
                    "{{with index .NetworkSettings.Networks \"" + docker.project() + "_" + member
                            + "\"}}{{.IPAddress}}{{end}}");
            if (address.isEmpty()) {
                throw new Refusal("The container of " + member + " has no address in the network " + docker.project()
                        + "_" + member + ".");
            }
            lines.append(address).append(' ').append(member).append('\n');
        }
        try {
            Files.writeString(Path.of(hosts()), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> members() {
        return Stream.concat(PARTS.stream(), services());
    }

    private static Stream<String> services() {
        return Stream.of(Service.values()).map(Service::label);
    }

    @Override
    public House house() {
        return house;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String mails() {
        return "http://" + docker.published("mail", 8025) + "/mails";
    }

    @Override
    public void mustRun() {
        members().forEach(member -> {
            var health = docker.health(member);
            if (!health.equals("healthy")) {
                throw new Refusal("The container of " + member + " is " + health
                        + "; docker compose up starts it, docker compose ps shows all.");
            }
        });
    }

    /// Files are read where they are, as they are: the server goes on writing meanwhile.
    @Override
    public Grep.Result search(Grep grep, Store store) throws IOException {
        return switch (store) {
            case DATABASE -> files(grep, "postgres", "/var/lib/postgresql");
            case BUS -> files(grep, "kafka", "/var/lib/kafka/data");
            case BLOBS -> files(grep, "azurite", "/data");
            case LOGS -> logs(grep);
        };
    }

    private Grep.Result files(Grep grep, String member, String folder) throws IOException {
        var result = docker.read(grep::inArchive, "exec", docker.must(member), "tar", "-C", folder, "-cf", "-", ".");
        if (result.files() == 0) {
            throw new Refusal("Nothing could be read from " + folder + " of " + member + ".");
        }
        return result;
    }

    private Grep.Result logs(Grep grep) throws IOException {
        var all = Grep.Result.none();
        for (var member : members().toList()) {
            all = all.and(docker.readAll(output -> grep.in(member, output), "logs", docker.must(member)));
        }
        return all;
    }

    @Override
    public void killServices() {
        docker.say(words("kill"));
    }

    @Override
    public void startServices() {
        docker.say(words("start"));
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (var member : services().toList()) {
            while (!docker.health(member).equals("healthy")) {
                if (System.nanoTime() > end) {
                    throw new Refusal("The container of " + member + " is still " + docker.health(member) + " after "
                            + PATIENCE.toMinutes() + " minutes; docker compose logs " + member + " tells why.");
                }
                Pause.of(Duration.ofMillis(500));
            }
        }
    }

    private String[] words(String command) {
        var words = new ArrayList<>(List.of(command));
        services().map(docker::must).forEach(words::add);
        return words.toArray(String[]::new);
    }

    @Override
    public int restore(List<String> words, OutputStream output) {
        return new Restore(installation, house, copied.resolve("restore"), List.of("-D" + HOSTS + "=" + hosts()))
                .run(words, output);
    }

    @Override
    public int verify(List<String> words, OutputStream output) {
        return new Verify(installation, keyFile()).run(words, output);
    }

    private Path keyFile() {
        return folder.resolve("log.vkey");
    }

    @Override
    public void close() {
        try (var files = Files.walk(copied)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
