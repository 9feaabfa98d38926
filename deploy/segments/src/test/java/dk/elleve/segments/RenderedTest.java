package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The files in `rendered/` are what others use; they always say what the declaration says.
class RenderedTest {

    static final Path FOLDER = Path.of("rendered");

    static Declaration declaration() {
        try {
            return DeclarationReader.read("segments.yaml", Files.readString(Path.of("segments.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> rendered() {
        try {
            return Rendered.files(declaration(), Rendered.dating(declaration(), FOLDER, LocalDate.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Map.Entry<String, String>> files() {
        return rendered().entrySet().stream();
    }

    @BeforeAll
    static void write() throws IOException {
        if (Boolean.getBoolean("segments.write")) {
            Rendered.write(Path.of(""), LocalDate.now());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_rendered_file_is_up_to_date(Map.Entry<String, String> file) throws IOException {
        var path = FOLDER.resolve(file.getKey());
        assertThat(path)
                .as("Not up to date; write it with %s", Rendered.COMMAND)
                .exists();
        assertThat(Files.readString(path))
                .as("%s is not what segments.yaml says; write it again with %s", path, Rendered.COMMAND)
                .isEqualTo(file.getValue());
    }

    @Test
    void nothing_lies_there_that_is_not_rendered() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(rendered().keySet());
        }
    }
}
