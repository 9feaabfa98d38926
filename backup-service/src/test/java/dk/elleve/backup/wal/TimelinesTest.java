package dk.elleve.backup.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.wal.Timelines.Stretch;
import dk.elleve.backup.wire.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimelinesTest {

    private static final Segments SEGMENTS = new Segments(1 << 20);
    private static final WalInventory.End NOTHING = new WalInventory.End(4, new Lsn(7));

    /// The cluster turned from its first timeline to its third at 100, and from there to its fourth
    /// at 200.
    private static final Timelines LINE = new Timelines(
            List.of(new Stretch(1, Lsn.ZERO), new Stretch(3, new Lsn(100)), new Stretch(4, new Lsn(200))));

    /// From the first to the second in the middle of segment 5.
    private static final Timelines TURNED = turnedAt((5 << 20) + 4096);

    private static Timelines turnedAt(long position) {
        return new Timelines(List.of(new Stretch(1, Lsn.ZERO), new Stretch(2, new Lsn(position))));
    }

    /// @param sealed timeline and segment
    private static WalInventory vault(int[]... sealed) {
        return new WalInventory(
                SEGMENTS,
                Stream.of(sealed)
                        .map(each -> String.format("wal/%08X/%s/sealed", each[0], SEGMENTS.fileName(each[0], each[1])))
                        .toList());
    }

    private static int[] segment(int timeline, int number) {
        return new int[] {timeline, number};
    }

    @Test
    void a_timeline_is_followed_up_to_where_the_cluster_turned_off() {
        assertThat(LINE.contains(1, new Lsn(100))).isTrue();
        assertThat(LINE.contains(1, new Lsn(101))).isFalse();
        assertThat(LINE.contains(3, new Lsn(150))).isTrue();
        assertThat(LINE.contains(3, new Lsn(201))).isFalse();
    }

    @Test
    void the_newest_timeline_has_no_end_and_one_that_was_left_out_no_beginning() {
        assertThat(LINE.contains(4, new Lsn(100_000))).isTrue();
        assertThat(LINE.contains(2, new Lsn(50))).isFalse();
    }

    @Test
    void the_line_is_read_from_the_server_s_own_text() {
        var history = """
                1\t0/64\tno recovery target specified

                # somebody wrote this
                3\t0/C8\tbefore 2026-11-29
                """;

        assertThat(Timelines.of(4, history.getBytes(StandardCharsets.UTF_8))).isEqualTo(LINE);
    }

    @Test
    void what_lies_behind_the_turn_on_the_old_timeline_is_no_part_of_the_line() {
        var left = vault(segment(1, 4), segment(1, 5), segment(1, 6), segment(1, 7), segment(2, 5));

        assertThat(TURNED.of(left, 4)).isEqualTo(1);
        assertThat(TURNED.of(left, 5)).isEqualTo(2);
        assertThat(TURNED.of(left, 6)).as("the second has not got so far").isEqualTo(2);
        assertThat(TURNED.last(left)).hasValue(5);
    }

    @Test
    void the_vault_ends_where_the_cluster_turned_off_however_far_the_old_timeline_goes() {
        assertThat(TURNED.end(vault(segment(1, 4), segment(1, 7)), NOTHING))
                .isEqualTo(new WalInventory.End(1, new Lsn((5 << 20) + 4096)));
        assertThat(TURNED.end(vault(segment(1, 3)), NOTHING)).isEqualTo(new WalInventory.End(1, new Lsn(4 << 20)));
        assertThat(TURNED.end(vault(segment(1, 7), segment(2, 5)), NOTHING))
                .isEqualTo(new WalInventory.End(2, new Lsn(6 << 20)));
        assertThat(TURNED.end(vault(), NOTHING)).isEqualTo(NOTHING);
    }

    @Test
    void a_timeline_in_the_vault_that_the_server_never_was_on_does_not_count() {
        var line = new Timelines(List.of(new Stretch(1, Lsn.ZERO), new Stretch(3, new Lsn(5 << 20))));

        assertThat(line.end(vault(segment(1, 3), segment(2, 9)), NOTHING))
                .isEqualTo(new WalInventory.End(1, new Lsn(4 << 20)));
    }
}
