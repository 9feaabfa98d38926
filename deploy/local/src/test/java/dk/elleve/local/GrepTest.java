package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrepTest {

    @Test
    void a_value_is_found_at_the_start_in_the_middle_and_at_the_end_and_nowhere_else() {
        var grep = new Grep(List.of("lærke@eksempel.dk", "+45 12 34 56 78"));
        for (var text : List.of("lærke@eksempel.dk…", "x lærke@eksempel.dk y", "…lærke@eksempel.dk")) {
            assertThat(grep.in(text.getBytes(StandardCharsets.UTF_8))).containsExactly("lærke@eksempel.dk");
        }
        assertThat(grep.in("lærke@eksempel.d".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(grep.in("short".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void a_value_is_found_wherever_it_lies_in_random_bytes() {
        var random = new Random(5);
        var value = "Møllebakken 117, 2. tv.";
        var needle = value.getBytes(StandardCharsets.UTF_8);
        var grep = new Grep(List.of(value));
        for (int i = 0; i < 500; i++) {
            var hay = new byte[needle.length + random.nextInt(300)];
            random.nextBytes(hay);
            System.arraycopy(needle, 0, hay, random.nextInt(hay.length - needle.length + 1), needle.length);
            assertThat(grep.in(hay)).containsExactly(value);
        }
    }

    @Test
    void a_value_is_found_across_the_windows_a_large_file_is_read_in(@TempDir Path folder) throws IOException {
        var value = "Møllebakken 117, 2. tv.";
        var needle = value.getBytes(StandardCharsets.UTF_8);
        var grep = new Grep(List.of(value, "a longer one that is never there"));
        for (int before = 0; before <= needle.length; before++) {
            var hay = new byte[(3 << 20) + 17];
            System.arraycopy(needle, 0, hay, (1 << 20) - before, needle.length);
            Files.write(folder.resolve("hay"), hay);

            var result = grep.in(folder);

            assertThat(result.found()).containsExactly("hay: " + value);
            assertThat(result.bytes()).isEqualTo(hay.length);
        }
    }

    @Test
    void a_value_is_found_in_each_file_of_an_archive() throws IOException {
        var value = "Møllebakken 117, 2. tv.";
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var each : Map.of("a", "nothing here", "b", "… " + value + " …", "c", value)
                    .entrySet()) {
                var content = each.getValue().getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(each.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }

        var result = new Grep(List.of(value)).inArchive(new ByteArrayInputStream(bytes.toByteArray()));

        assertThat(result.files()).isEqualTo(3);
        assertThat(result.found()).containsExactly("b: " + value, "c: " + value);
    }
}
