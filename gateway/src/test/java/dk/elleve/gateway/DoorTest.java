package dk.elleve.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.kit.test.GatewayContract;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DoorTest {

    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final JsonMapper JSON = JsonMapper.builder().build();

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        var rig = ServiceRig.of("gateway")
                .with("elleve.gateway.limit.per-second", "5")
                .with("elleve.gateway.limit.burst", "60")
                .with("elleve.gateway.limit.import-body", "1MB");
        for (var service : new String[] {"identity", "tenant-data", "breach", "audit"}) {
            rig.with("elleve.gateway.services." + service, EchoService.URL);
        }
        // Nobody listens there.
        rig.with("elleve.gateway.services.backup", "http://127.0.0.1:9");
        rig.register(registry);
    }

    @AfterAll
    static void close() {
        HTTP.close();
    }

    @LocalServerPort
    int port;

    @Test
    void whoever_writes_a_program_reads_what_all_services_can_do() throws Exception {
        var answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/openapi"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        var document = JSON.readTree(answer.body());
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(document.path("paths").propertyNames())
                .contains("/api/tenants", "/api/areas/{area}", "/api/backups", "/api/breaches", "/api/answers");
    }

    @Test
    void a_members_request_reaches_its_service_without_the_prefix_and_with_one_id() throws Exception {
        var answer = send(
                get("/api/areas/customers?limit=2", Tokens.demo("nord-user").mint())
                        .header("X-Request-Id", "11111111-1111-4111-8111-111111111111")
                        .header("traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
                        .header("X-Forwarded-For", "6.6.6.6")
                        .header("Cookie", "elleve=stolen"));

        assertThat(answer.statusCode()).isEqualTo(200);
        var reached = JSON.readTree(answer.body());
        assertThat(reached.path("path").asString()).isEqualTo("/areas/customers?limit=2");
        var headers = reached.path("headers");
        assertThat(header(headers, "authorization")).startsWith("Bearer ");
        assertThat(header(headers, "cookie")).isNull();
        assertThat(header(headers, "x-forwarded-for")).isNull();
        assertThat(header(headers, "x-request-id"))
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow())
                .isNotEqualTo("11111111-1111-4111-8111-111111111111");
        // The trace begins at the door; a stranger's is not carried on.
        assertThat(header(headers, "traceparent"))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]")
                .doesNotContain("11111111111111111111111111111111");
    }

    @Test
    void what_was_agreed_with_the_services_reaches_them_and_nothing_else_of_the_callers() throws Exception {
        var request = get("/api/areas/customers", Tokens.demo("nord-user").mint());
        GatewayContract.PASSED_ON.forEach(name -> request.header(name, "said-by-caller"));
        GatewayContract.KEPT_BACK.forEach(name -> request.header(name, "said-by-caller"));

        var headers = JSON.readTree(send(request).body()).path("headers");

        for (var name : GatewayContract.PASSED_ON) {
            assertThat(header(headers, name.toLowerCase(Locale.ROOT))).as(name).isEqualTo("said-by-caller");
        }
        for (var name : GatewayContract.KEPT_BACK) {
            assertThat(header(headers, name.toLowerCase(Locale.ROOT))).as(name).isNull();
        }
        assertThat(header(headers, "authorization")).startsWith("Bearer ");
        assertThat(header(headers, "x-request-id")).matches("[0-9a-f-]{36}");
    }

    @Test
    void a_record_that_is_not_there_for_the_caller_is_on_record() throws Exception {
        var path = "/api/areas/customers/collections/people/records/" + UUID.randomUUID() + "/missing";
        var answer = send(get(path, Tokens.demo("havn-user").mint()));

        assertThat(answer.statusCode()).isEqualTo(404);
        try (var probe = TopicProbe.rig()) {
            var access = probe.await(
                            Topic.GATEWAY_ACCESSES,
                            heard -> heard.body().toString().contains(path))
                    .as(Access.class);
            assertThat(access.path()).isEqualTo(path);
            assertThat(access.status()).isEqualTo(404);
            assertThat(access.reason()).isEqualTo("denied");
            assertThat(String.valueOf(access.tenant())).isEqualTo("havn");
            assertThat(access.actor().id())
                    .isEqualTo(Tokens.subject("havn-user").toString());
            assertThat(access.id())
                    .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
        }
    }

    @Test
    void what_staff_do_is_on_record_and_what_members_may_do_is_not() throws Exception {
        var mark = UUID.randomUUID().toString();
        send(get("/api/areas/" + mark, Tokens.demo("nord-user").mint()));
        send(get("/api/breaches/" + mark, Tokens.demo("dpo").mint()));

        try (var probe = TopicProbe.rig()) {
            var access = probe.await(
                            Topic.GATEWAY_ACCESSES,
                            heard -> heard.body().toString().contains("/api/breaches/" + mark))
                    .as(Access.class);
            assertThat(access.reason()).isEqualTo("staff");
            assertThat(probe.all(Topic.GATEWAY_ACCESSES))
                    .noneMatch(heard -> heard.body().toString().contains("/api/areas/" + mark));
        }
    }

    @Test
    void whoever_looks_into_the_audit_log_is_on_record() throws Exception {
        var mark = "entries" + Long.toString(System.nanoTime(), 36);
        send(get("/api/audit/" + mark, Tokens.demo("nord-admin").mint()));

        try (var probe = TopicProbe.rig()) {
            var access = probe.await(
                            Topic.GATEWAY_ACCESSES,
                            heard -> heard.body().toString().contains("/api/audit/" + mark))
                    .as(Access.class);
            assertThat(access.reason()).isEqualTo("audit");
            assertThat(String.valueOf(access.tenant())).isEqualTo("nord");
        }
    }

    @Test
    void a_member_token_with_two_organizations_or_none_goes_no_further() throws Exception {
        for (var token : new String[] {
            Tokens.user("nord-user")
                    .roles("tenant-user")
                    .tenants("nord", "havn")
                    .mint(),
            Tokens.user("nord-user").roles("tenant-user").mint()
        }) {
            var answer = send(get("/api/areas", token));
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo("tenant-required");
        }
    }

    @Test
    void no_token_an_expired_and_a_forged_one_are_refused() throws Exception {
        for (var token : new @Nullable String[] {
            null,
            Tokens.demo("nord-user").lifetime(Duration.ofMinutes(-5)).mint(),
            Tokens.demo("nord-user").forged().mint(),
            Tokens.demo("nord-user").issuer("http://elsewhere.invalid").mint(),
            "not.a.token"
        }) {
            var answer = send(get("/api/areas", token));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/problem+json");
        }
    }

    @Test
    void strangers_reach_the_public_answers_and_the_log_and_nothing_else() throws Exception {
        assertThat(send(get("/api/answers", null)).statusCode()).isEqualTo(200);
        assertThat(send(get("/api/log/checkpoint", null)).statusCode()).isEqualTo(200);
        for (var path : new String[] {"/api/audit/entries", "/api/tenants", "/api/backups", "/api/nothing"}) {
            assertThat(send(get(path, null)).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(send(get("/api/nothing", Tokens.demo("nord-user").mint())).statusCode())
                .isEqualTo(404);
        assertThat(send(get("/actuator/env", null)).statusCode()).isIn(401, 403, 404);
        assertThat(send(get("/actuator/health", null)).statusCode()).isEqualTo(200);
    }

    @Test
    void the_metrics_are_read_on_this_machine_and_by_nobody_from_outside() throws Exception {
        assertThat(send(get("/actuator/prometheus", null)).body()).contains("elleve_gateway_refusals_total");

        var proxied = get("/actuator/prometheus", null).header("X-Forwarded-For", "6.6.6.6");
        assertThat(send(proxied).statusCode()).isIn(401, 403, 404);
    }

    @Test
    void a_service_that_is_away_is_said_so() throws Exception {
        var answer = send(get("/api/backups", Tokens.demo("administrator").mint()));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo("busy");
    }

    @Test
    void one_tenants_flood_is_its_own() throws Exception {
        var flood = Tokens.user("flood").roles("tenant-user").tenant("flood").mint();
        HttpResponse<String> last = send(get("/api/areas", flood));
        for (int i = 0; i < 120 && last.statusCode() == 200; i++) {
            last = send(get("/api/areas", flood));
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).isPresent();
        assertThat(send(get("/api/areas", Tokens.demo("havn-user").mint())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void invalid_tokens_are_counted_by_address_and_valid_ones_from_there_go_on() throws Exception {
        // Another address than that of the other tests, which are strangers too.
        var elsewhere = InetAddress.ofLiteral("127.0.0.2");
        try (var http = HttpClient.newBuilder().localAddress(elsewhere).build()) {
            var forged =
                    get("/api/areas", Tokens.demo("nord-user").forged().mint()).build();
            var last = http.send(forged, HttpResponse.BodyHandlers.ofString());
            for (int i = 0; i < 2000 && last.statusCode() == 401; i++) {
                last = http.send(forged, HttpResponse.BodyHandlers.ofString());
            }
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(last.headers().firstValue("Retry-After")).isPresent();
            var valid = get("/api/areas", Tokens.demo("havn-user").mint()).build();
            assertThat(http.send(valid, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_body_that_is_too_large_or_of_unknown_length_is_refused() throws Exception {
        var token = Tokens.demo("nord-admin").mint();
        var records = "/api/areas/x/collections/y/records";
        assertThat(send(post(records, token, zeros(256 * 1024 + 1))).statusCode())
                .isEqualTo(413);
        assertThat(send(post(records + ":import", token, zeros(256 * 1024 + 1))).statusCode())
                .isEqualTo(200);
        assertThat(send(post(records + ":import", token, zeros(1024 * 1024 + 1)))
                        .statusCode())
                .isEqualTo(413);
        var unknown = send(post(
                "/api/areas/x",
                token,
                HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[] {'x'}))));
        assertThat(unknown.statusCode()).isEqualTo(411);
        var fine = send(post("/api/areas/x", token, HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(fine.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(fine.body()).path("body").asString()).isEqualTo("{}");
    }

    @Test
    void the_dashboard_comes_with_headers_that_hold_it_in_its_place() throws Exception {
        for (var path : new String[] {"/", "/verify", "/breaches/0190b4c5"}) {
            var page = send(get(path, null));
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body()).contains("<div id=\"root\"");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'self'")
                    .contains("frame-ancestors 'none'");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void signing_in_goes_to_keycloak_with_proof_of_possession() throws Exception {
        var first = send(get("/session/login", null));
        assertThat(first.statusCode()).isEqualTo(302);
        var second = send(
                get(first.headers().firstValue("Location").orElseThrow().replaceFirst("^https?://[^/]+", ""), null));
        assertThat(second.statusCode()).isEqualTo(302);
        assertThat(second.headers().firstValue("Location").orElseThrow())
                .startsWith(Tokens.issuer() + "/protocol/openid-connect/auth")
                .contains("code_challenge_method=S256")
                .contains("client_id=elleve-gateway");
    }

    private static HttpRequest.BodyPublisher zeros(int count) {
        return HttpRequest.BodyPublishers.ofByteArray(new byte[count]);
    }

    private HttpRequest.Builder get(String path, @Nullable String token) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder post(String path, String token, HttpRequest.BodyPublisher body) {
        return get(path, token).header("Content-Type", "application/json").POST(body);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static @Nullable String header(JsonNode headers, String name) {
        for (var field : headers.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue().asString();
            }
        }
        return null;
    }
}
