package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class ScratchTest {

    private final Scratch.Folders folders = new Scratch.Folders(Path.of("target/scratch-test"));

    @Test
    void a_folder_is_open_to_others_and_goes_with_its_class_and_all_that_is_in_it() throws IOException {
        var folder = filled();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-xr-x");

        folders.endOfClass();

        assertThat(folder).doesNotExist();
    }

    @Test
    void what_a_failed_class_had_stays_and_later_classes_have_theirs_taken_away_as_ever() throws IOException {
        var failed = filled();
        folders.failed();
        folders.endOfClass();
        var passed = filled();
        folders.endOfClass();

        assertThat(failed.resolve("data/base/1")).exists();
        assertThat(passed).doesNotExist();
        assertThat(folders.failedEver()).isTrue();
    }

    @Test
    void a_link_out_of_a_folder_goes_and_what_it_leads_to_stays() throws IOException {
        var folder = filled();
        var elsewhere = filled();
        folders.failed();
        folders.endOfClass();
        var linking = filled();
        Files.createSymbolicLink(linking.resolve("data/link"), elsewhere);

        folders.endOfClass();

        assertThat(linking).doesNotExist();
        assertThat(elsewhere.resolve("data/base/1")).exists();
        assertThat(folder).exists();
    }

    private Path filled() throws IOException {
        var folder = folders.make("server");
        Files.createDirectories(folder.resolve("data/base"));
        Files.writeString(folder.resolve("data/base/1"), "a page");
        return folder;
    }
}
