package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.wal.WalRecords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a restore changes in the log. That PostgreSQL replays it, [TablespaceTest] shows.
class MadeTablespacesTest {

    private static final int PAGE = 8192;
    private static final int HEADER = 24;

    private final MadeTablespaces tablespaces = new MadeTablespaces();
    private final WalRecords records = new WalRecords(tablespaces);

    /// From a record that ends at the end of a segment to one of which only its length stands there.
    @ParameterizedTest
    @ValueSource(ints = {64, 48, 40, 32, 24, 16, 8})
    void the_folder_is_taken_out_of_a_record_wherever_it_is_cut_by_the_end_of_a_segment(int before) {
        var record = made("/fast/space");
        var segments = segments(record, before);

        change(segments);

        var changed = ByteBuffer.wrap(record(segments, record.length, before)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(changed.array(), HEADER + 6, "/fast/space".length(), StandardCharsets.US_ASCII))
                .isEqualTo("\0fast/space");
        assertThat(changed.getInt(20)).isEqualTo(checksum(changed.array()));
        assertThat(tablespaces.any()).isTrue();
    }

    @Test
    void a_record_that_does_not_authenticate_stays_as_it_is() {
        var record = made("/fast/space");
        record[20] ^= 1;
        var segments = segments(record, 40);

        change(segments);

        assertThat(record(segments, record.length, 40)).isEqualTo(record);
        assertThat(tablespaces.any()).isFalse();
    }

    @Test
    void a_record_that_makes_a_tablespace_below_the_data_folder_stays_as_it_is() {
        var record = made("");
        var segments = segments(record, 16);

        change(segments);

        assertThat(record(segments, record.length, 16)).isEqualTo(record);
        assertThat(tablespaces.any()).isTrue();
    }

    private void change(byte[][] segments) {
        for (var number = 0; number < segments.length; number++) {
            records.read(number, segments[number], PAGE);
            tablespaces
                    .take()
                    .forEach(patch -> segments[(int) patch.place().segment()][
                            patch.place().offset()] = patch.value());
        }
    }

    /// Two segments of one page. The record begins so many bytes before the end of the first.
    private static byte[][] segments(byte[] record, int before) {
        var first = page(false);
        var filler = PAGE - HEADER - before;
        first.putInt(HEADER, filler);
        first.put(HEADER + 17, (byte) 10);
        var here = Math.min(before, record.length);
        first.put(PAGE - before, record, 0, here);
        var second = page(here < record.length);
        second.putInt(16, record.length - here);
        second.put(HEADER, record, here, record.length - here);
        return new byte[][] {first.array(), second.array()};
    }

    private static byte[] record(byte[][] segments, int length, int before) {
        var here = Math.min(before, length);
        var record = Arrays.copyOfRange(segments[0], PAGE - before, PAGE - before + length);
        System.arraycopy(segments[1], HEADER, record, here, length - here);
        return record;
    }

    private static ByteBuffer page(boolean continues) {
        return ByteBuffer.allocate(PAGE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(0, (short) 0xD118)
                .putShort(2, (short) (continues ? 1 : 0));
    }

    private static byte[] made(String folder) {
        var path = folder.getBytes(StandardCharsets.US_ASCII);
        var record = ByteBuffer.allocate(HEADER + 2 + 4 + path.length + 1).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0, record.capacity());
        record.put(17, (byte) 5);
        record.put(HEADER, (byte) 255).put(HEADER + 1, (byte) (4 + path.length + 1));
        record.putInt(HEADER + 2, 16400);
        record.put(HEADER + 6, path);
        record.putInt(20, checksum(record.array()));
        return record.array();
    }

    private static int checksum(byte[] record) {
        var checksum = new CRC32C();
        checksum.update(record, HEADER, record.length - HEADER);
        checksum.update(record, 0, 20);
        return (int) checksum.getValue();
    }
}
