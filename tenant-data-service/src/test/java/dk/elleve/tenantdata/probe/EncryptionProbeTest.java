package dk.elleve.tenantdata.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.tenantdata.TenantDataRig;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class EncryptionProbeTest extends TenantDataRig {

    private final EncryptionProbe encryption;
    private final JdbcClient database = JdbcClient.create(Rig.postgres().superuser("tenant_data"));

    @Autowired
    EncryptionProbeTest(EncryptionProbe encryption) {
        this.encryption = encryption;
    }

    @BeforeEach
    void the_first_scheduled_measurement_is_over() {
        try (var topics = TopicProbe.rig()) {
            var first = topics.await(Topic.TENANTDATA_EVIDENCE, EncryptionProbeTest::isOurs);
            assertThat(first.key()).isEqualTo("encryption.fields");
        }
    }

    @Test
    void sealed_fields_are_proven_with_what_was_looked_at() {
        openWithPeople("probe-good");
        post(user("probe-good"), RECORDS, "{\"email\":\"a@x.invalid\", \"name\":\"A\", \"note\":\"\", \"level\":1}")
                .must(201);

        var evidence = measured();
        assertThat(evidence.holds()).as(evidence.toString()).isTrue();
        assertThat(evidence.facts())
                .containsEntry("canary.hidden", "true")
                .containsEntry("canary.opensWithItsKey", "true")
                .containsEntry("canary.opensElsewhere", "false")
                .containsEntry("canary.opensForOtherTenants", "false")
                .containsEntry("records.inClear", "0");
        assertThat(Integer.parseInt(evidence.facts().get("canary.otherTenantsTried")))
                .isPositive();
        assertThat(Long.parseLong(evidence.facts().get("records.seen"))).isGreaterThanOrEqualTo(2);
    }

    @Test
    void a_personal_value_smuggled_past_the_service_turns_the_proof_wherever_it_is_hidden() {
        openWithPeople("probe-bad");
        post(user("probe-bad"), RECORDS, "{\"email\":\"a@x.invalid\"}").must(201);
        var smuggled = Map.of(
                "among the clear fields", "UPDATE data.record SET fields = '{\"email\": \"a@x.invalid\"}'",
                "where sealed values stand", "UPDATE data.record SET sealed = '{\"email\": \"a@x.invalid\"}'",
                "in the index", "UPDATE data.record_index SET text_value = 'a@x.invalid'");
        smuggled.forEach((where, update) -> {
            var before = rows();
            database.sql(update + " WHERE tenant_id = 'probe-bad'").update();

            var evidence = measured();
            assertThat(evidence.holds()).as(where).isFalse();
            assertThat(evidence.facts()).as(where).containsEntry("records.inClear", "1");
            assertThat(evidence.facts().toString()).doesNotContain("a@x.invalid");

            restore(before);
            assertThat(measured().holds()).as("after " + where).isTrue();
        });
    }

    @Test
    void a_canary_that_is_stored_in_clear_turns_the_proof() {
        database.sql("""
                        CREATE FUNCTION public.bare() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            NEW.sealed = '{}';
                            RETURN NEW;
                        END $$
                        """).update();
        database.sql("""
                        CREATE TRIGGER bare BEFORE INSERT OR UPDATE ON data.record FOR EACH ROW
                        WHEN (NEW.tenant_id = 'elleve-canary') EXECUTE FUNCTION public.bare()
                        """).update();
        try {
            var evidence = measured();
            assertThat(evidence.holds()).isFalse();
            assertThat(evidence.facts()).containsEntry("canary.opensWithItsKey", "false");
        } finally {
            database.sql("DROP FUNCTION public.bare() CASCADE").update();
        }
        assertThat(measured().holds()).isTrue();
    }

    private record Rows(String fields, String sealed) {}

    private Rows rows() {
        return database.sql("SELECT fields::text, sealed::text FROM data.record WHERE tenant_id = 'probe-bad'")
                .query(Rows.class)
                .single();
    }

    private void restore(Rows rows) {
        database.sql("UPDATE data.record SET fields = ?::jsonb, sealed = ?::jsonb WHERE tenant_id = 'probe-bad'")
                .params(rows.fields(), rows.sealed())
                .update();
        database.sql("UPDATE data.record_index SET text_value = NULL WHERE tenant_id = 'probe-bad'")
                .update();
    }

    /// Measures now; what came out as it lay on the topic.
    private Evidence measured() {
        try (var topics = TopicProbe.rig()) {
            var before = topics.all(Topic.TENANTDATA_EVIDENCE).stream()
                    .map(TopicProbe.Heard::id)
                    .collect(Collectors.toSet());
            encryption.measure();
            return topics.await(Topic.TENANTDATA_EVIDENCE, heard -> !before.contains(heard.id()) && isOurs(heard))
                    .as(Evidence.class);
        }
    }

    private static boolean isOurs(TopicProbe.Heard heard) {
        return "encryption.fields".equals(heard.key());
    }
}
