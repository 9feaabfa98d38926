package dk.elleve.backup.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.wal.Timelines.Source;
import dk.elleve.backup.wal.Timelines.Stretch;
import dk.elleve.backup.wire.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelinesTest {

    private static final int SIZE = 1 << 20;
    private static final Segments SEGMENTS = new Segments(SIZE);
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

    private static WalInventory vault(String... objects) {
        return new WalInventory(SEGMENTS, List.of(objects));
    }

    private static String segment(int timeline, int number) {
        return object(timeline, number, "sealed");
    }

    private static String part(int timeline, int number, int length) {
        return object(timeline, number, "%08X-%08X".formatted(0, length));
    }

    private static String object(int timeline, int number, String name) {
        return "wal/%08X/%s/%s".formatted(timeline, SEGMENTS.fileName(timeline, number), name);
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

        assertThat(TURNED.of(left, 4)).isEqualTo(new Source(1, SIZE));
        assertThat(TURNED.of(left, 5)).isEqualTo(new Source(2, SIZE));
        assertThat(TURNED.of(left, 6)).as("the second has not got so far").isEqualTo(new Source(2, 0));
        assertThat(TURNED.last(left)).hasValue(5);
    }

    @Test
    void a_turn_the_cluster_never_took_because_it_was_restored_to_before_it_is_none() {
        var history = "1\t0/C8\tpromoted\n2\t0/64\tbefore 2026-11-30\n";

        assertThat(Timelines.of(3, history.getBytes(StandardCharsets.UTF_8)).stretches())
                .containsExactly(new Stretch(1, Lsn.ZERO), new Stretch(3, new Lsn(100)));
    }

    @Test
    void the_segment_in_which_the_cluster_turned_off_is_the_old_timeline_s_up_to_there() {
        assertThat(TURNED.of(vault(segment(1, 5), segment(2, 6)), 5)).isEqualTo(new Source(1, 4096));
        assertThat(turnedAt(6 << 20).of(vault(segment(1, 5)), 5)).isEqualTo(new Source(1, SIZE));
        assertThat(turnedAt(5 << 20).of(vault(segment(1, 5)), 5)).isEqualTo(new Source(2, 0));
    }

    @Test
    void a_segment_that_is_shipped_anew_counts_once_it_goes_further_than_the_old_one() {
        var middle = (5 << 20) + 65536;

        assertThat(turnedAt(middle).of(vault(part(1, 5, 131_072), part(2, 5, 4096)), 5))
                .isEqualTo(new Source(1, 65_536));
        assertThat(turnedAt(middle).of(vault(part(1, 5, 131_072), part(2, 5, 65_536)), 5))
                .isEqualTo(new Source(2, 65_536));
        assertThat(turnedAt(middle).of(vault(part(1, 5, 131_072), part(2, 5, 131_072)), 5))
                .isEqualTo(new Source(2, 131_072));
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
