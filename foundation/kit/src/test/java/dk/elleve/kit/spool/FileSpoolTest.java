package dk.elleve.kit.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSpoolTest {

    @TempDir
    Path folder;

    @Test
    void a_record_torn_at_any_byte_ends_the_file_and_those_before_it_are_whole() throws IOException {
        var file = folder.resolve("1.spool");
        var first = SegmentFile.encode(new byte[] {1, 2, 3}).array();
        var second = SegmentFile.encode(new byte[] {4, 5}).array();
        for (int torn = 0; torn < second.length; torn++) {
            var bytes = Arrays.copyOf(first, first.length + torn);
            System.arraycopy(second, 0, bytes, first.length, torn);
            Files.write(file, bytes);

            var read = SegmentFile.read(file, 0, 10);

            assertThat(read.records()).hasSize(1);
            assertThat(read.end()).isEqualTo(first.length);
        }
    }

    @Test
    void a_flipped_bit_is_not_taken_for_a_record() throws IOException {
        var file = folder.resolve("1.spool");
        var whole = SegmentFile.encode(new byte[] {1, 2, 3}).array();
        for (int i = 0; i < whole.length; i++) {
            var bytes = whole.clone();
            bytes[i] ^= 1;
            Files.write(file, bytes);
            assertThat(SegmentFile.read(file, 0, 10).records()).as("byte %s", i).isEqualTo(List.of());
        }
    }
}
