package dk.elleve.kit.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class CursorsTest {

    final Cursors cursors = new Cursors(new byte[32]);

    @Test
    void a_cursor_comes_back_as_it_was_given() {
        var cursor = cursors.encode("people", List.of("2026-11-24T12:00:00Z", "", "id"));
        assertThat(cursors.decode("people", cursor)).containsExactly("2026-11-24T12:00:00Z", "", "id");
    }

    @Test
    void a_cursor_of_another_list_or_with_any_changed_character_is_refused() {
        var cursor = cursors.encode("people", List.of("7"));
        assertThatThrownBy(() -> cursors.decode("dogs", cursor)).isInstanceOf(Problem.class);
        for (int i = 0; i < cursor.length() - 1; i++) {
            var changed = cursor.substring(0, i) + (cursor.charAt(i) == 'A' ? 'B' : 'A') + cursor.substring(i + 1);
            assertThatThrownBy(() -> cursors.decode("people", changed)).isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> cursors.decode("people", "")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> cursors.decode("people", "%%%")).isInstanceOf(Problem.class);
    }

    @Test
    void a_cursor_carries_any_text_and_keeps_its_parts_apart() {
        for (var position : List.of(
                List.of("a\nb", "c"),
                List.of("a", "b\nc"),
                List.of("\\n", "\n"),
                List.of("\\", "\\\\"),
                List.of("", "æ ø å \u0000", ""))) {
            assertThat(cursors.decode("people", cursors.encode("people", position)))
                    .isEqualTo(position);
        }
    }

    @Test
    void a_cursor_signed_with_a_key_that_was_replaced_is_refused() {
        var other = new byte[32];
        other[0] = 1;
        var old = new Cursors(other).encode("people", List.of("7"));

        assertThatThrownBy(() -> cursors.decode("people", old))
                .isInstanceOf(Problem.class)
                .satisfies(refused -> assertThat(((Problem) refused).kind()).isEqualTo(CommonProblem.INVALID_CURSOR));
    }

    @Test
    void a_key_of_another_length_is_refused() {
        assertThatThrownBy(() -> new Cursors(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }
}
