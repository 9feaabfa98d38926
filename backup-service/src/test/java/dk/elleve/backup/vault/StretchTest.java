package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StretchTest {

    private static final List<Integer> CHUNKS = Collections.nCopies(32, 400_000);

    @Test
    void the_last_chunk_is_always_fetched_too() {
        assertThat(Stretch.of(CHUNKS, chunks(3))).containsExactly(new Stretch(3, 4), new Stretch(31, 32));
        assertThat(Stretch.of(CHUNKS, chunks(31))).containsExactly(new Stretch(31, 32));
    }

    @Test
    void chunks_side_by_side_are_fetched_at_once_and_so_are_those_with_little_between() {
        assertThat(Stretch.of(CHUNKS, chunks(3, 4, 5, 9)))
                .containsExactly(new Stretch(3, 6), new Stretch(9, 10), new Stretch(31, 32));
        assertThat(Stretch.of(Collections.nCopies(32, 50_000), chunks(3, 7)))
                .containsExactly(new Stretch(3, 8), new Stretch(31, 32));
    }

    @Test
    void what_is_wanted_for_the_most_part_or_lies_nobody_knows_where_is_fetched_whole() {
        assertThat(Stretch.of(CHUNKS, chunks(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)))
                .isEmpty();
        assertThat(Stretch.of(List.of(400_000), chunks(0))).isEmpty();
        assertThat(Stretch.of(List.of(), chunks(0))).isEmpty();
        assertThat(Stretch.of(CHUNKS, chunks(32))).isEmpty();
    }

    private static BitSet chunks(int... numbers) {
        var chunks = new BitSet();
        for (var number : numbers) {
            chunks.set(number);
        }
        return chunks;
    }
}
