package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedSinceTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeEach
    void name() {
        installation = installation();
    }

    private Installation installation() {
        return Installation.of(Arguments.parse(new String[] {"up", "--dir", folder.toString()}));
    }

    private void backUp() throws Exception {
        Files.createDirectories(installation.folder(Service.BACKUP));
    }

    private void makeKey() {
        installation.secrets().noteKey(ServiceSettings.BACKUPS_NAME);
    }

    /// What backup-service is given, by another start.
    private Optional<String> given() {
        return ServiceSettings.of(installation(), Service.BACKUP).stream()
                .filter(setting -> setting.name().equals("elleve.backup.signed-since"))
                .map(setting -> setting.value().get())
                .findFirst();
    }

    @Test
    void a_fresh_installation_signs_from_its_first_backup_on() throws Exception {
        installation.signedSince().note(NOON);
        makeKey();
        backUp();
        installation.signedSince().note(NOON.plusSeconds(60));

        assertThat(given()).isEmpty();
    }

    @Test
    void what_was_backed_up_before_there_was_a_key_needs_no_signature_from_then_on() throws Exception {
        backUp();
        installation.signedSince().note(NOON);
        makeKey();
        installation.signedSince().note(NOON.plusSeconds(60));

        assertThat(given()).contains("2026-11-29T12:00:00Z");
    }

    @Test
    void a_start_that_died_before_the_key_was_made_is_followed_by_a_later_moment() throws Exception {
        backUp();
        installation.signedSince().note(NOON);
        installation.signedSince().note(NOON.plusSeconds(60));
        makeKey();

        assertThat(given()).contains("2026-11-29T12:01:00Z");
    }
}
