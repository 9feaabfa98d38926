package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.kit.test.Rig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentTest {

    @Test
    void order_does_not_matter_but_every_row_does() throws Exception {
        BackupRig.database("content_test");
        BackupRig.sql(
                "content_test",
                "CREATE TABLE up AS SELECT g AS id, md5(g::text) AS name FROM generate_series(1, 1000) g",
                "CREATE TABLE down AS SELECT * FROM up ORDER BY id DESC",
                "CREATE TABLE changed AS SELECT * FROM up",
                "UPDATE changed SET name = 'x' WHERE id = 500",
                "CREATE TABLE twice AS SELECT * FROM up",
                "INSERT INTO twice SELECT * FROM up WHERE id = 500");
        try (var connection = Rig.postgres().superuser("content_test").getConnection()) {
            connection.setAutoCommit(false);

            var content = Content.of("content_test", connection);

            assertThat(content.get("content_test.public.down")).isEqualTo(content.get("content_test.public.up"));
            assertThat(content.get("content_test.public.changed")).isNotEqualTo(content.get("content_test.public.up"));
            assertThat(content.get("content_test.public.twice")).startsWith("1001 ");
        }
    }

    @Test
    void a_table_that_is_missing_is_a_difference() {
        var one = new Content(Map.of("a", "1 5", "b", "0 0"));
        var other = new Content(Map.of("a", "1 5"));

        assertThat(one.differences(other)).containsExactly("b");
        assertThat(other.differences(one)).containsExactly("b");
        assertThat(one.differences(one)).isEmpty();
        assertThat(one.rows()).isEqualTo(1);
    }
}
