package dk.elleve.local;

import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs backup-service's restore program with this installation's vault and key. No service has to run, only Azurite,
/// where the backups are.
final class Restore {

    private static final String MAIN = "dk.elleve.backup.restore.RestoreMain";

    private final Installation installation;
    private final House house;
    private final Path folder;
    private final List<String> options;

    /// What the running installation of this machine backed up.
    Restore(Installation installation) {
        this(installation, installation, installation.place().settings().resolve("restore"), List.of());
    }

    /// @param installation whose programs to use
    /// @param house whose backups
    /// @param folder for the settings; they hold secrets
    /// @param options for Java
    Restore(Installation installation, House house, Path folder, List<String> options) {
        this.installation = installation;
        this.house = house;
        this.folder = folder;
        this.options = options;
    }

    int run(List<String> words) {
        return Programs.run(command(words), Path.of("").toAbsolutePath());
    }

    int run(List<String> words, OutputStream output) {
        return Programs.run(command(words), Path.of("").toAbsolutePath(), output);
    }

    private List<String> command(List<String> words) {
        var command = new ArrayList<>(List.of(
                Jvm.program(),
                "-Xmx512m",
                Jvm.READING_LARGE,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(
                List.of("-cp", installation.service(Service.BACKUP).program().toString(), MAIN));
        command.addAll(words);
        if (!words.contains("--settings")) {
            command.addAll(List.of("--settings", settings().toString()));
        }
        return command;
    }

    private Path settings() {
        if (house == installation
                && !Files.exists(installation.place().secrets().resolve("key.master"))) {
            throw new Refusal(
                    "There is no master key in " + installation.place().secrets()
                            + ", so nothing from there can be restored; name the right installation with --dir.");
        }
        if (house == installation && !installation.azurite().running()) {
            throw new Refusal("Azurite holds the backups and does not run; start it with ./elleve up azurite.");
        }
        var secrets = folder.resolve("secrets");
        Place.writePrivate(secrets.resolve("connection-string"), house.blobStorage());
        Place.writePrivate(secrets.resolve("master-key"), house.secrets().key("master"));
        var file = folder.resolve("restore.properties");
        Place.writePrivate(file, """
                elleve.blob.connection-string-file=secrets/connection-string
                elleve.master-key-file=secrets/master-key
                elleve.backup.postgres.programs=%s
                """.formatted(installation.postgres().programs()) + signatures());
        return file;
    }

    /// A restore makes no key: the service that runs would not sign with it, and what it backs up until
    /// its next start would be refused.
    private String signatures() {
        if (house == installation && !installation.signedSince().isKeyThere()) {
            return "";
        }
        var trusted = "elleve.backup.trusted-manifest-keys="
                + house.secrets().noteVerifierKey(ServiceSettings.BACKUPS_NAME) + "\n";
        return house.backupsSignedSince()
                .map(since -> trusted + "elleve.backup.signed-since=" + since + "\n")
                .orElse(trusted);
    }
}
