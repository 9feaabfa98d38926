package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.EventType;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent.TenantOpened;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventContractTest {

    private static final String OPENED =
            "{\"tenant\":\"nord\",\"name\":\"Nord A/S\",\"openedAt\":\"2026-11-24T09:00:00Z\"}";
    private static final Map<String, String> HEADERS = Map.of(
            "ce_id", "e-1",
            "ce_type", "dk.elleve.identity.tenant-opened.v1",
            "ce_source", "urn:elleve:identity",
            "ce_specversion", "1.0",
            "ce_time", "2026-11-24T09:00:00Z",
            "ce_subject", "nord",
            "content-type", "application/json");

    @Test
    void a_message_as_its_owner_says_it_is_as_agreed() {
        assertThat(EventContract.violations("identity.tenants.v1", "nord", HEADERS, OPENED))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 0.3, ce_specversion is not 1.0",
        "ce_time, yesterday, ce_time is no instant",
        "ce_subject, havn, ce_subject is not the key",
        "ce_id, ' ', ce_id is missing",
        "content-type, text/plain, content-type is not application/json",
        "ce_type, dk.elleve.platform.finding.v1, does not belong on identity.tenants.v1",
        "ce_type, dk.elleve.identity.tenant-opened.v2, does not belong on identity.tenants.v1",
    })
    void a_wrong_attribute_is_named(String header, String value, String said) {
        var headers = new HashMap<>(HEADERS);
        headers.put(header, value);

        assertThat(EventContract.violations("identity.tenants.v1", "nord", headers, OPENED))
                .anyMatch(violation -> violation.contains(said));
    }

    @Test
    void a_body_that_its_schema_does_not_admit_is_named() {
        for (var body : new String[] {"{}", OPENED.replace("nord", "Nord!"), "no json", OPENED.replace("Z\"", "\"")}) {
            assertThat(EventContract.violations("identity.tenants.v1", "nord", HEADERS, body))
                    .as(body)
                    .isNotEmpty();
        }
    }

    @Test
    void every_topic_has_types_and_every_type_a_topic() {
        assertThat(Arrays.stream(Topic.values()).flatMap(topic -> EventContract.types(topic.wireName()).stream()))
                .containsAll(EventType.all().keySet());
    }

    @Test
    void a_service_that_says_what_was_not_agreed_fails_its_test_class() {
        try (var probe = TopicProbe.rig()) {
            probe.ensure(Topic.IDENTITY_TENANTS);
            var headers = new HashMap<>(HEADERS);
            probe.say("identity.tenants.v1", "nord", headers, OPENED);
            assertThatCode(() -> SaidAsAgreed.check(Rig.kafka().bootstrapServers()))
                    .doesNotThrowAnyException();

            headers.put("ce_source", "urn:elleve:breach");
            probe.say("identity.tenants.v1", "nord", headers, "{\"tenant\":\"nord\"}");

            assertThatThrownBy(() -> SaidAsAgreed.check(Rig.kafka().bootstrapServers()))
                    .hasMessageContaining("urn:elleve:breach does not own identity.tenants.v1")
                    .hasMessageContaining("required property 'name'");
            assertThatCode(() -> SaidAsAgreed.check(Rig.kafka().bootstrapServers()))
                    .as("each is told once")
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void a_test_cannot_say_in_an_owners_name_what_the_owner_would_not() {
        var opened = new TenantOpened(new TenantId("nord"), "Nord", Instant.EPOCH);
        try (var probe = TopicProbe.rig()) {
            assertThatThrownBy(() ->
                            probe.say(Topic.GATEWAY_FINDINGS, UUID.randomUUID().toString(), "nord", opened))
                    .hasMessageContaining("No owner of gateway.findings.v1 would say this");
        }
    }
}
