package dk.elleve.breach.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void a_cell_that_begins_like_a_formula_is_text_and_quotes_are_doubled() {
        assertThat(Csv.line(List.of("=1+1", "+45", "-1", "@x", "\tx", "a=b", "say \"hi\"", "", "a,b\nc")))
                .isEqualTo(
                        "\"'=1+1\",\"'+45\",\"'-1\",\"'@x\",\"'\tx\",\"a=b\",\"say \"\"hi\"\"\",\"\",\"a,b\nc\"\r\n");
    }
}
