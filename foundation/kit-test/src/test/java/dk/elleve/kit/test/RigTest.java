package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.part.Service;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RigTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void an_event_said_on_the_broker_is_heard() {
        try (var topics = TopicProbe.rig()) {
            topics.ensure(Topic.IDENTITY_TENANTS);

            topics.say(
                    Topic.IDENTITY_TENANTS.wireName(),
                    "nord",
                    Map.of("ce_type", "a.sample", "ce_tenant", "nord"),
                    "{\"a\":1}");

            var heard =
                    topics.await(Topic.IDENTITY_TENANTS, event -> event.type().equals("a.sample"));
            assertThat(heard.key()).isEqualTo("nord");
            assertThat(heard.tenant()).isEqualTo("nord");
            assertThat(heard.body().get("a").asInt()).isEqualTo(1);
        }
    }

    @Test
    void blob_storage_answers_on_the_address_of_its_connection_string() throws Exception {
        var connection = Rig.azurite().connectionString();
        var endpoint = connection.replaceAll(".*BlobEndpoint=([^;]*);.*", "$1");

        assertThat(get(endpoint + "?comp=list").statusCode()).isEqualTo(403);
    }

    @Test
    void a_mail_taken_by_smtp_is_read_over_http() throws Exception {
        var sink = Rig.mail();
        try (var socket = new Socket("127.0.0.1", sink.smtpPort())) {
            socket.getOutputStream().write("""
                            EHLO test
                            MAIL FROM:<platform@elleve.localhost>
                            RCPT TO:<dpo@elleve.localhost>
                            DATA
                            Subject: =?UTF-8?Q?Brud_p=C3=A5_sikkerheden?=
                            Content-Type: text/plain; charset=utf-8

                            Sagen er åbnet.
                            ..punktum
                            .
                            QUIT
                            """.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("250 kept");
        }

        var address = "http://127.0.0.1:" + sink.httpPort() + "/mails";
        var first = JsonMapper.builder().build().readTree(get(address).body()).get(0);
        assertThat(first.get("subject").asString()).isEqualTo("Brud på sikkerheden");
        assertThat(first.get("to").get(0).asString()).isEqualTo("dpo@elleve.localhost");
        assertThat(first.get("text").asString()).isEqualToNormalizingNewlines("Sagen er åbnet.\n.punktum\n");
        assertThat(get(address + "/" + first.get("id").asString()).body()).contains("Subject:");
        assertThat(get(address + "/../secret").statusCode()).isEqualTo(404);
    }

    @Test
    void a_token_carries_what_keycloak_would_say() throws Exception {
        var token = Tokens.demo("nord-admin").mint();

        var claims =
                JsonMapper.builder().build().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        assertThat(claims.get("iss").asString()).isEqualTo(Tokens.issuer());
        assertThat(claims.get("realm_access").get("roles").get(0).asString()).isEqualTo("tenant-admin");
        assertThat(claims.get("organization").has("nord")).isTrue();
        assertThat(get(Tokens.jwkSet()).body()).contains("\"kid\":\"rig\"");
    }

    @Test
    void a_service_gets_its_settings_and_no_key_of_another() {
        var breach = ServiceRig.of("breach").values();
        var audit = ServiceRig.of("audit").values();

        assertThat(breach).containsKeys("spring.datasource.password", "elleve.attribution.key", "spring.mail.port");
        assertThat(breach).doesNotContainKey("elleve.master-key");
        assertThat(audit.get("elleve.audit.attribution-keys.breach")).isEqualTo(breach.get("elleve.attribution.key"));
        assertThat(audit.get("elleve.audit.log-key")).startsWith("PRIVATE+KEY+elleve.local/audit+");
        assertThat(audit.get("elleve.fingerprint-key"))
                .isEqualTo(ServiceRig.of("backup").values().get("elleve.fingerprint-key"));
        assertThat(breach).doesNotContainKey("elleve.fingerprint-key");
        assertThat(ServiceRig.of("gateway").values()).doesNotContainKey("spring.datasource.url");
        assertThat(Service.values()).hasSize(6);
    }

    @Test
    void a_moving_clock_moves_only_when_told() {
        var clock = MovingClock.at("2026-03-01T09:00:00Z");

        var zoned = clock.withZone(ZoneId.of("Europe/Copenhagen"));
        clock.advance(Duration.ofHours(72));

        assertThat(clock.instant()).hasToString("2026-03-04T09:00:00Z");
        assertThat(zoned.instant()).isEqualTo(clock.instant());
        assertThat(Clock.systemUTC().instant()).isNotEqualTo(clock.instant());
    }

    @Test
    void a_fault_strikes_at_the_pass_it_was_armed_for() {
        var faults = new Faults();
        faults.arm("before commit", 2);

        faults.at("before commit");
        assertThatThrownBy(() -> faults.at("before commit")).isInstanceOf(Faults.Crash.class);
        faults.at("before commit");
        assertThat(faults.waiting()).isFalse();
    }

    private HttpResponse<String> get(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
