package dk.elleve.tenantdata.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class BoundedPatternTest {

    @Test
    void an_expression_matches_anywhere_in_the_text_as_json_schema_says() {
        assertThat(new BoundedPattern("b+").matches("abba")).isTrue();
        assertThat(new BoundedPattern("^b+$").matches("abba")).isFalse();
        assertThat(new BoundedPattern("^\\d{4}$").matches("8000")).isTrue();
    }

    @Test
    void an_expression_that_would_never_end_gives_up_and_does_not_match() {
        var evil = new BoundedPattern("^(([a-z])+.)+[A-Z]([a-z])+$");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(evil.matches("a".repeat(5_000))).isFalse());
    }

    @Test
    void an_expression_that_would_use_up_the_stack_does_not_match() {
        assertThat(new BoundedPattern("^(a|b)*$").matches("ab".repeat(500_000))).isFalse();
    }

    @Test
    void what_is_no_expression_is_refused() {
        assertThatThrownBy(() -> new BoundedPattern("(")).isInstanceOf(PatternSyntaxException.class);
    }
}
