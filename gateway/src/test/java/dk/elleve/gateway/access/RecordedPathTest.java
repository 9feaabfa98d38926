package dk.elleve.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedPathTest {

    @ParameterizedTest
    @CsvSource({
        "/api/subjects/0101804321/disclosures, /api/subjects/*/disclosures",
        "/api/areas/customers/collections/people/records/jens@x.dk, /api/areas/customers/collections/people/records/*",
        "/api/subjects/Jens%20Hansen, /api/subjects/*",
        "/api/tenants/nord/members/jens.hansen, /api/tenants/nord/members/*",
        "//0101804321/, //*/",
    })
    void what_may_name_a_person_is_left_out(String path, String recorded) {
        assertThat(AccessRecorder.withoutPersons(path)).isEqualTo(recorded);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/areas/customers/collections/people/records/0193c0de-0000-7000-8000-000000000001",
        "/api/areas/customers/collections/people/records/0193C0DE-0000-7000-8000-000000000001",
        "/api/areas/customers/collections/people/records:import",
        "/api/breaches/breach-0193c0de-0000-7000-8000-000000000001/facts",
        "/api/access-requests",
        "/",
    })
    void ids_and_our_own_words_stay(String path) {
        assertThat(AccessRecorder.withoutPersons(path)).isEqualTo(path);
    }
}
