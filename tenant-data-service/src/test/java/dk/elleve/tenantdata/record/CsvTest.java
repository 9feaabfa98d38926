package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void cells_are_separated_by_commas_or_as_danish_spreadsheets_do() {
        assertThat(rows("a,b\n1,2\n")).containsExactly("1:[a, b]", "2:[1, 2]");
        assertThat(rows("a;b\r\n1,5;2\r\n")).containsExactly("1:[a, b]", "2:[1,5, 2]");
        assertThat(rows("a;b,c\n")).as("a comma wins").containsExactly("1:[a;b, c]");
    }

    @Test
    void quoted_cells_hold_separators_line_feeds_and_quotation_marks() {
        assertThat(rows("a,b\n\"x,\"\"y\"\"\nz\",2\n3,4")).containsExactly("1:[a, b]", "2:[x,\"y\"\nz, 2]", "4:[3, 4]");
        assertThat(rows("\"\",\"\"\r\n")).containsExactly("1:[, ]");
    }

    @Test
    void the_last_line_may_end_or_not_and_empty_cells_stay() {
        assertThat(rows("a,b\n,\n1,")).containsExactly("1:[a, b]", "2:[, ]", "3:[1, ]");
        assertThat(rows("")).isEmpty();
        assertThat(rows("\n")).containsExactly("1:[]");
    }

    @Test
    void a_quotation_mark_that_is_never_closed_or_followed_by_text_is_told_by_its_line() {
        assertThatThrownBy(() -> rows("a\n\"secret\nmore")).hasMessage("A quotation mark of line 2 is never closed.");
        assertThatThrownBy(() -> rows("a\n\"x\"secret\n"))
                .hasMessageContaining("On line 2")
                .hasMessageNotContaining("secret");
    }

    private static List<String> rows(String text) {
        var csv = new Csv(text);
        var rows = new ArrayList<String>();
        while (true) {
            var line = csv.line();
            var cells = csv.next();
            if (cells == null) {
                return rows;
            }
            rows.add(line + ":" + cells);
        }
    }
}
