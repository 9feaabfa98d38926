package dk.elleve.local;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.KeycloakFiles;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Prepares an installation in containers, and ends: secrets are made once, every member is given its own settings in a
/// folder that no other member sees, and the databases are made as soon as PostgreSQL answers. May run at every start.
final class Setup {

    static final String COMMAND = "setup";

    static final String HELP = """
            setup --gateway=URL --keycloak=URL [--secrets=DIR] [--members=DIR] [--blob-storage=FILE]

            Makes the secrets of an installation in containers where there are none yet, writes each member's settings,
            waits for PostgreSQL and prepares its databases. Runs inside `docker compose up`; may run at every start.

              --gateway=URL        the gateway as browsers name it
              --keycloak=URL       Keycloak as browsers name it
              --secrets=DIR        where the secrets are kept (/secrets)
              --members=DIR        holds a folder for each member's settings (/members)
              --blob-storage=FILE  the connection string of the storage account (/run/secrets/blob-storage)

            setup --databases --postgres=HOST --secrets=DIR --superuser-password=FILE

            Prepares the databases alone, where the secrets come from elsewhere: DIR holds a file password.<role> for each
            role, and nothing is written there.

            setup --rehearsal=SERVICE --to=DIR

            Writes settings for one service, with secrets made for this once: for the start that is rehearsed when its
            image is built.
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /// What PostgreSQL says to a password it does not know.
    private static final String WRONG_PASSWORD = "28P01";

    private static final String DATABASES = "--databases";

    private static final Set<String> OPTIONS = Set.of(
            "--gateway",
            "--keycloak",
            "--secrets",
            "--members",
            "--blob-storage",
            "--postgres",
            "--superuser-password",
            "--rehearsal",
            "--to");

    private final Map<String, String> options;
    private final Screen screen;

    private Setup(Map<String, String> options, Screen screen) {
        this.options = options;
        this.screen = screen;
    }

    static int run(List<String> words, Screen screen) {
        if (words.contains("--help") || words.contains("-h")) {
            screen.line(HELP.strip());
            return 0;
        }
        var options = new HashMap<String, String>();
        for (var word : words) {
            if (word.equals(DATABASES)) {
                options.put(DATABASES, "");
                continue;
            }
            var parts = word.split("=", 2);
            if (parts.length != 2 || !OPTIONS.contains(parts[0])) {
                throw new Refusal("setup does not know " + word + "; --help shows what it knows.");
            }
            options.put(parts[0], parts[1]);
        }
        var setup = new Setup(options, screen);
        if (options.containsKey("--rehearsal")) {
            setup.rehearse();
        } else if (options.containsKey(DATABASES)) {
            setup.prepareDatabases();
        } else {
            setup.prepare();
        }
        return 0;
    }

    private void prepare() {
        var start = System.nanoTime();
        var house = new ContainerHouse(
                Secrets.in(Path.of(option("--secrets", "/secrets"))),
                blobStorage(),
                option("--gateway"),
                option("--keycloak"));
        var members = Path.of(option("--members", "/members"));
        for (var service : Service.values()) {
            SettingsFiles.write(
                    house,
                    service,
                    members.resolve(service.label()),
                    ContainerHouse.SETTINGS,
                    Optional.of(ContainerHouse.RECEIVERS));
        }
        screen.line("setup: settings of the services written");
        var keycloak = new KeycloakFiles(
                new Address(ContainerHouse.ANY, ContainerHouse.KEYCLOAK.port()),
                ContainerHouse.ACTUATOR,
                house.signIn(),
                house.database(),
                house.smtp(),
                house.secrets());
        writeForOthers(members.resolve("keycloak/keycloak.conf"), keycloak.settings());
        writeForOthers(members.resolve("keycloak/elleve-realm.json"), keycloak.realm());
        writeForOthers(members.resolve("postgres/password"), house.secrets().password(PostgresServer.SUPERUSER));
        screen.line("setup: settings of Keycloak and PostgreSQL written");
        awaitDatabase(house.database());
        new ClusterProvisioner(house.database()).provision();
        screen.line("setup: databases, roles, publications and slots are there; done in " + Screen.seconds(start));
    }

    private void prepareDatabases() {
        var start = System.nanoTime();
        var superuser = Path.of(option("--superuser-password"));
        var server = new PostgresServer(
                new Address(option("--postgres"), 5432),
                Secrets.given(Path.of(option("--secrets")), Map.of("password." + PostgresServer.SUPERUSER, superuser)));
        awaitDatabase(server);
        new ClusterProvisioner(server).provision();
        screen.line("setup: databases, roles, publications and slots are there; done in " + Screen.seconds(start));
    }

    private void rehearse() {
        var house = new ContainerHouse(
                Secrets.inMemory(),
                "DefaultEndpointsProtocol=http;AccountName=rehearsal;AccountKey=cmVoZWFyc2Fs;"
                        + "BlobEndpoint=http://127.0.0.1:1/rehearsal;",
                "http://127.0.0.1:1",
                "http://127.0.0.1:1");
        SettingsFiles.write(
                house,
                Service.labelled(option("--rehearsal")),
                Path.of(option("--to")),
                ContainerHouse.SETTINGS,
                Optional.empty());
    }

    private String blobStorage() {
        var file = Path.of(option("--blob-storage", "/run/secrets/blob-storage"));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Refusal("The connection string of the storage account cannot be read from " + file + ": "
                    + e.getMessage() + ".");
        }
    }

    /// Where a member's program runs as a user of its own, it reads by our group.
    private static void writeForOthers(Path file, String text) {
        Place.writePrivate(file, text);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitDatabase(PostgresServer server) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (int round = 0; ; round++) {
            try (var connection = server.superuser("postgres").getConnection()) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (WRONG_PASSWORD.equals(e.getSQLState())) {
                    throw new Refusal("PostgreSQL knows another password than the secrets of this installation;"
                            + " its data and the secrets belong to different installations.");
                }
                if (System.nanoTime() > end) {
                    throw new Refusal("PostgreSQL did not answer at " + server.address() + ": " + e.getMessage());
                }
                if (round % 40 == 39) {
                    screen.line("setup: waiting for PostgreSQL at " + server.address());
                }
            }
            Pause.of(Duration.ofMillis(250));
        }
    }

    private String option(String name) {
        var value = options.get(name);
        if (value == null) {
            throw new Refusal("setup wants " + name + "=…; --help shows how.");
        }
        return value;
    }

    private String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }
}
