package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.part.Service;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetAsideTest {

    @Test
    void what_is_asked_for_is_read_from_the_words() {
        assertThat(SetAside.Call.of(List.of("list"))).isEqualTo(new SetAside.Call(false, null, null));
        assertThat(SetAside.Call.of(List.of("list", "--service", "audit")))
                .isEqualTo(new SetAside.Call(false, Service.AUDIT, null));
        assertThat(SetAside.Call.of(List.of("replay", "--service", "breach", "--id", "12")))
                .isEqualTo(new SetAside.Call(true, Service.BREACH, 12L));
        assertThat(SetAside.Call.of(List.of("replay", "--all", "--service", "tenant-data")))
                .isEqualTo(new SetAside.Call(true, Service.TENANT_DATA, null));
    }

    @ParameterizedTest
    @CsvSource({
        "'', wants list or replay",
        "forget, wants list or replay",
        "replay --all, Say which service",
        "replay --service breach, Say what to replay",
        "replay --service breach --all --id 3, Say what to replay",
        "replay --service breach --id x, is no id",
        "replay --service breach --id, wants a value",
        "replay --service gateway --all, sets no messages aside",
        "list --all, does not know --all",
        "list --id 3, does not know --id",
    })
    void what_makes_no_sense_is_refused_with_what_is_missing(String words, String said) {
        assertThatThrownBy(() -> SetAside.Call.of(words.isEmpty() ? List.of() : List.of(words.split(" "))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(said);
    }
}
