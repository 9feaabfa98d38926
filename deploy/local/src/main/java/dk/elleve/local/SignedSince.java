package dk.elleve.local;

import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// Since when an installation signs its backups, if it had some before it had the key: those need no
/// signature, or none of them could be restored any more.
record SignedSince(Place place) {

    /// To be called before backup-service is started, which makes the key. A crash before the key is
    /// made does no harm: the next call writes a later moment, and nothing was signed in between.
    void note(Instant now) {
        if (!isKeyThere() && Files.isDirectory(place.data(Service.BACKUP.label()))) {
            Place.writePrivate(file(), now + "\n");
        }
    }

    /// Empty for an installation that has signed from its first backup on.
    Optional<Instant> moment() {
        try {
            return Files.exists(file())
                    ? Optional.of(Instant.parse(Files.readString(file()).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether backups are signed here; who asks for the key itself would make it.
    boolean isKeyThere() {
        return Files.exists(place.secrets().resolve("note-key." + ServiceSettings.BACKUPS_NAME.replace('/', '.')));
    }

    private Path file() {
        return place.settings().resolve("backups-signed-since");
    }
}
