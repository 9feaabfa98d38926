package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataTest {

    @Test
    void the_same_seed_makes_the_same_people_and_another_seed_others() {
        assertThat(DemoData.danish(7)).isEqualTo(DemoData.danish(7));
        assertThat(DemoData.danish(7)).isNotEqualTo(DemoData.danish(8));
        assertThat(DemoData.danish(7).collections())
                .extracting(DemoData.Collection::name)
                .containsExactly("people", "applicants", "newsletter");
        DemoData.danish(7)
                .collections()
                .forEach(collection -> assertThat(collection.rows().stream()
                                .map(row -> row.path("email").asString())
                                .distinct())
                        .hasSameSizeAs(collection.rows()));
    }

    @Test
    void real_files_give_a_schema_that_marks_who_is_who(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Clients.ndjson"), """
                {"ClientId": 1, "FirstName": "Luís", "Fax": null, "Email": "l@example.org", "Score": 1.5}
                {"ClientId": 2, "FirstName": "Leonie", "Fax": "+49 1", "Email": "k@example.org", "Score": 2}
                """);
        Files.writeString(folder.resolve("orders.ndjson"), "{\"OrderId\": 1}\n");

        var data = DemoData.from(folder);

        assertThat(data.collections()).hasSize(1);
        var clients = data.collections().getFirst();
        assertThat(clients.name()).isEqualTo("clients");
        assertThat(clients.identifies()).isEqualTo("Email");
        assertThat(clients.personal()).containsExactlyInAnyOrder("FirstName", "Fax", "Email");
        var properties = clients.schema().path("properties");
        assertThat(properties.path("Email").path("x-subject").asBoolean()).isTrue();
        assertThat(properties.path("Fax").path("type").toString()).isEqualTo("[\"null\",\"string\"]");
        assertThat(properties.path("ClientId").has("x-personal")).isFalse();
    }

    @Test
    void a_folder_without_people_is_refused(@TempDir Path folder) {
        assertThatThrownBy(() -> DemoData.from(folder))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ndjson");
    }
}
