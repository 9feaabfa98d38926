package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.collection.Definitions;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.http.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class RowsTest {

    private static final Layout LAYOUT = Definitions.of("""
            {"name": {"type": "string"}, "level": {"type": "number"}, "vip": {"type": "boolean"}, "tags": {"type": "array"}}""").layout();

    private static final long LARGEST = 64;

    @Test
    void lines_are_counted_as_they_stand_and_a_broken_one_spoils_no_other() {
        assertThat(
                        rows(
                                Rows.Form.LINES,
                                "\uFEFF{\"name\":\"a\"}\r\n\n  \n[1]\n{\"name\"\n{\"name\":\"b\",\"name\":\"c\"}\n{\"name\":\"d\"} x\n{\"name\":\"e\"}"))
                .containsExactly(
                        "0 line 1: {\"name\":\"a\"}",
                        "1 line 4: must be a JSON object",
                        "2 line 5: is not valid JSON",
                        "3 line 6: is not valid JSON",
                        "4 line 7: is not valid JSON",
                        "5 line 8: {\"name\":\"e\"}");
    }

    @Test
    void a_list_is_read_row_by_row_and_refused_where_it_cannot_be_read_on() {
        assertThat(rows(Rows.Form.ARRAY, "[{\"name\":\"a\"},\n 3,\n {\"level\": 1.50}]"))
                .containsExactly(
                        "0 line 1: {\"name\":\"a\"}", "1 line 2: must be a JSON object", "2 line 3: {\"level\":1.50}");
        for (var bad : List.of("{}", "", "[{\"name\":\"secret\"}", "[{\"name\":secret}]", "[] []")) {
            var problem = catchThrowableOfType(Problem.class, () -> rows(Rows.Form.ARRAY, bad));
            assertThat(problem.kind()).as(bad).isEqualTo(RecordProblem.IMPORT_UNREADABLE);
            assertThat(problem.getMessage()).doesNotContain("secret");
        }
    }

    @Test
    void a_row_that_is_too_large_is_named_and_not_parsed() {
        var large = "{\"name\":\"" + "x".repeat((int) LARGEST) + "\"}";
        assertThat(rows(Rows.Form.LINES, large + "\n{\"name\":\"a\"}"))
                .containsExactly("0 line 1: may have at most 64 bytes", "1 line 2: {\"name\":\"a\"}");
        assertThat(rows(Rows.Form.ARRAY, "[" + large + ",\n{\"name\":\"å\"}, " + large + "]"))
                .containsExactly(
                        "0 line 1: may have at most 64 bytes",
                        "1 line 2: {\"name\":\"å\"}",
                        "2 line 2: may have at most 64 bytes");
    }

    @Test
    void cells_become_what_the_schema_says_or_stay_texts_for_it_to_judge() {
        assertThat(rows(Rows.Form.CSV, "name,level,vip,tags,id\n7,1.50,true,\"[1]\",x\nb,1.5.0,maybe,no list,\n"))
                .containsExactly(
                        "0 line 2: {\"name\":\"7\",\"level\":1.50,\"vip\":true,\"tags\":[1]}",
                        "1 line 3: {\"name\":\"b\",\"level\":\"1.5.0\",\"vip\":\"maybe\",\"tags\":\"no list\"}");
    }

    @Test
    void a_header_names_each_field_once_and_is_not_repeated_in_the_refusal() {
        for (var header : List.of("name,anne@x.invalid", "name,name", "")) {
            assertThatThrownBy(() -> rows(Rows.Form.CSV, header))
                    .isInstanceOf(Problem.class)
                    .hasMessageNotContaining("anne");
        }
        assertThatThrownBy(() -> new Rows(
                                Rows.Form.CSV, new byte[] {'n', (byte) 0xE5, '\n'}, LAYOUT, new Bodies(), LARGEST)
                        .each(new Collecting()))
                .hasMessage("The file must be in UTF-8.");
    }

    @Test
    void the_content_type_says_which_form_it_is() {
        assertThat(Rows.Form.of("application/x-ndjson; charset=utf-8")).isEqualTo(Rows.Form.LINES);
        assertThat(Rows.Form.of("application/json")).isEqualTo(Rows.Form.ARRAY);
        assertThat(Rows.Form.of("text/csv;header=present")).isEqualTo(Rows.Form.CSV);
        for (var other : new String[] {null, "", "nonsense", "text/plain", "application/xml"}) {
            assertThatThrownBy(() -> Rows.Form.of(other)).isInstanceOf(Problem.class);
        }
    }

    private static final class Collecting implements Rows.Taker {
        private final List<String> rows = new ArrayList<>();

        @Override
        public void row(int index, long line, ObjectNode row) {
            rows.add(index + " line " + line + ": " + row);
        }

        @Override
        public void broken(int index, long line, String detail) {
            rows.add(index + " line " + line + ": " + detail.replaceAll(" near column.*", ""));
        }
    }

    private static List<String> rows(Rows.Form form, String text) {
        var collecting = new Collecting();
        new Rows(form, text.getBytes(StandardCharsets.UTF_8), LAYOUT, new Bodies(), LARGEST).each(collecting);
        return collecting.rows;
    }
}
