package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void options_of_the_launcher_are_taken_out_and_the_rest_is_left_for_the_command() {
        var arguments = Arguments.parse("restore", "--at", "2026-01-01T00:00:00Z", "--dir=/x", "--to", "/y");

        assertThat(arguments.command()).isEqualTo("restore");
        assertThat(arguments.option("--dir")).contains("/x");
        assertThat(arguments.rest()).containsExactly("--at", "2026-01-01T00:00:00Z", "--to", "/y");
    }

    @Test
    void nothing_said_is_a_call_for_help() {
        assertThat(Arguments.parse().command()).isEqualTo("help");
        assertThat(Arguments.parse("-h").command()).isEqualTo("help");
        assertThat(Arguments.parse("up", "--help").asksForHelp()).isTrue();
    }

    @Test
    void an_option_without_its_value_is_named() {
        assertThatThrownBy(() -> Arguments.parse("up", "--dir"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--dir");
    }

    @Test
    void a_word_a_command_does_not_know_is_named() {
        assertThatThrownBy(() -> Arguments.parse("status", "--loud").refuseRest())
                .hasMessageContaining("--loud");
    }
}
