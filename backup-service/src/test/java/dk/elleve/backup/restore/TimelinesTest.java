package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.restore.Timelines.Stretch;
import dk.elleve.backup.wire.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelinesTest {

    /// The cluster turned from its first timeline to its third at 100, and from there to its fourth
    /// at 200.
    private static final Timelines LINE = new Timelines(
            List.of(new Stretch(1, Lsn.ZERO), new Stretch(3, new Lsn(100)), new Stretch(4, new Lsn(200))));

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
}
