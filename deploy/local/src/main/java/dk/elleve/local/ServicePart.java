package dk.elleve.local;

import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.PartFailure;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One of the six services: its jar, unpacked so that it starts fast and so that a build does not pull the jar away
/// from under a running process.
final class ServicePart implements Part {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LEARNING = "-XX:AOTCacheOutput=";
    private static final String UNFINISHED = ".new";
    private static final Duration WRITING_DOWN = Duration.ofMinutes(4);

    private final Installation installation;
    private final House house;
    private final Service service;
    private final String name;
    private final Place place;
    private final Daemon daemon;

    ServicePart(Installation installation, Service service) {
        this(installation, installation, service, service.label());
    }

    /// An instance beside the installation's own.
    ///
    /// @param house where it listens and keeps its files
    ServicePart(Installation installation, House house, Service service, String name) {
        this.installation = installation;
        this.house = house;
        this.service = service;
        this.name = name;
        this.place = installation.place();
        this.daemon = new Daemon(name, place);
    }

    @Override
    public String name() {
        return name;
    }

    String address() {
        return house.url(service);
    }

    /// @throws PartFailure if it does not run
    long process() {
        return daemon.handle()
                .orElseThrow(() -> new PartFailure("The part " + name + " does not run."))
                .pid();
    }

    @Override
    public void install() {
        program();
    }

    /// The unpacked jar; its manifest names the libraries beside it.
    Path program() {
        var jar = installation.project().resolve(service.module() + "/target/" + service.module() + "-1-SNAPSHOT.jar");
        try {
            if (!Files.exists(jar)) {
                throw new PartFailure("The jar of " + service.label() + " is not built (" + jar
                        + "); run ./mvnw -DskipTests install.");
            }
            var version = contents(jar);
            var shelf = place.root().resolve("services");
            var folder = shelf.resolve(service.module() + "-" + version);
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(shelf);
                var unfinished = Files.createTempDirectory(shelf, service.module() + ".tmp-");
                extract(jar, unfinished);
                Files.move(unfinished, folder);
                removeOthers(shelf, folder);
            }
            return folder.resolve(jar.getFileName());
        } catch (IOException e) {
            throw new PartFailure("The jar of " + service.label() + " could not be unpacked: " + e.getMessage(), e);
        }
    }

    /// Names what is in the jar. Its time does not: every build gives it the same.
    private static String contents(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            var sum = new CRC32();
            zip.stream()
                    .forEach(entry ->
                            sum.update((entry.getName() + entry.getCrc() + "\n").getBytes(StandardCharsets.UTF_8)));
            return Long.toString(sum.getValue(), 36);
        }
    }

    private void extract(Path jar, Path into) throws IOException {
        var log = place.log(service.label() + "-unpack");
        Files.createDirectories(place.root().resolve("logs"));
        var tool = new ProcessBuilder(
                        Jvm.program(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        into.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!tool.waitFor(1, TimeUnit.MINUTES) || tool.exitValue() != 0) {
                tool.destroyForcibly();
                throw new PartFailure("The jar of " + service.label() + " could not be unpacked; see " + log + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while unpacking " + jar + ".", e);
        }
    }

    /// A running process keeps the files it has open; those that are gone it never asks for again.
    private void removeOthers(Path shelf, Path keep) throws IOException {
        if (running()) {
            return;
        }
        try (var all = Files.list(shelf)) {
            for (var other : all.filter(
                            each -> each.getFileName().toString().matches(service.module() + "[-.][a-z0-9-]+"))
                    .filter(each -> !each.equals(keep))
                    .toList()) {
                try (var files = Files.walk(other)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    @Override
    public void start() {
        if (running()) {
            return;
        }
        var settings = writeSettings();
        try {
            Place.closed(house.folder(service));
            Files.createDirectories(house.folder(service).resolve("spool"));
        } catch (IOException e) {
            throw new PartFailure("The folder of " + service.label() + " could not be made: " + e.getMessage(), e);
        }
        var command = new ArrayList<>(List.of(Jvm.program()));
        command.addAll(compiling(service));
        command.addAll(List.of(
                "-Xms48m",
                "-Xmx" + heap() + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xss512k",
                startupCache(),
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + house.folder(service),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                program().toString(),
                "--spring.config.additional-location=file:" + settings));
        daemon.start(new Daemon.Command(command, house.folder(service)));
    }

    /// How soon its code is optimized, and how its memory is divided.
    static List<String> compiling(Service service) {
        return switch (service) {
            case AUDIT -> Jvm.TAKING_EVERY_ROW;
            case BACKUP -> Jvm.MOVING_GIGABYTES;
            default -> Jvm.OPTIMIZING_LATE;
        };
    }

    /// In MB. Backup holds three packs of 32 MB on their way, sealed; audit whole transactions, and each collection of
    /// its garbage takes as long whether much of it has gathered or little.
    private int heap() {
        return switch (service) {
            case BACKUP -> 320;
            case AUDIT -> 512;
            default -> 192;
        };
    }

    /// The first run of a build learns what a start needs (JEP 514). Its orderly end writes that down,
    /// and every later start takes a good half of the processor time less. A run that was killed leaves
    /// nothing, and the next one learns. Learning makes a start slower: only `./elleve up` asks for it.
    private String startupCache() {
        var learnt = program().resolveSibling("start.aot");
        if (Files.exists(learnt)) {
            return "-XX:AOTCache=" + learnt;
        }
        return Boolean.getBoolean("elleve.learn") ? LEARNING + learnt + UNFINISHED : "-XX:AOTMode=auto";
    }

    /// The arguments name only the file with the plain settings.
    private Path writeSettings() {
        var folder = place.settings().resolve(name);
        return SettingsFiles.write(house, service, folder, folder, receivers(place));
    }

    /// The folder that says who is sent the log, where the operator has made one.
    static Optional<Path> receivers(Place place) {
        return Optional.of(place.root().resolve("receivers"))
                .filter(folder -> Files.exists(folder.resolve(SettingsFiles.RECEIVERS)));
    }

    @Override
    public void awaitReady(Duration limit) {
        try (var client = HttpClient.newHttpClient()) {
            daemon.awaitReady(limit, () -> healthy(client));
        } catch (PartFailure e) {
            var said = lastError();
            throw said.isEmpty() || running()
                    ? e
                    : new PartFailure(
                            service.label() + " ended while starting: " + said.get() + " (log: " + daemon.log() + ")",
                            e);
        }
    }

    boolean healthy() {
        try (var client = HttpClient.newHttpClient()) {
            return healthy(client);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean healthy(HttpClient client) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address() + "/actuator/health"))
                .timeout(Duration.ofSeconds(3))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    /// Logs are one JSON object a line; the last error tells why.
    private Optional<String> lastError() {
        try {
            return Files.readAllLines(daemon.log()).reversed().stream()
                    .limit(500)
                    .filter(line -> line.startsWith("{") && line.contains("\"ERROR\""))
                    .findFirst()
                    .map(line ->
                            JSON.readTree(line).path("message").asString("").strip())
                    .map(text -> text.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .limit(8)
                            .reduce((a, b) -> a + " " + b)
                            .orElse(""));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    /// Whether the running process will write down at its end what it has learnt.
    boolean learns() {
        return learning().isPresent();
    }

    private Optional<Path> learning() {
        return daemon.handle()
                .flatMap(process -> process.info().arguments())
                .flatMap(arguments -> Stream.of(arguments)
                        .filter(argument -> argument.startsWith(LEARNING))
                        .findFirst())
                .map(argument -> Path.of(argument.substring(LEARNING.length())));
    }

    @Override
    public void stop() {
        var learning = learning();
        var ended = daemon.stop("TERM", learning.isPresent() ? WRITING_DOWN : Duration.ofSeconds(20));
        if (ended && learning.isPresent() && Files.exists(learning.get())) {
            try {
                var name = learning.get().getFileName().toString();
                Files.move(
                        learning.get(),
                        learning.get().resolveSibling(name.substring(0, name.length() - UNFINISHED.length())),
                        StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new PartFailure(
                        "What " + service.label() + " learnt for its next start could not be kept: " + e.getMessage(),
                        e);
            }
        }
    }

    /// As a crash would: it loses nothing that was acknowledged.
    void kill() {
        daemon.stop("KILL", Duration.ofSeconds(10));
    }
}
