package dk.elleve.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent.TenantOpened;
import dk.elleve.identity.keycloak.KeycloakAdmin;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.GatewayContract;
import dk.elleve.kit.test.OpenApiContract;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("local")
class TenantStoryTest {

    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final JsonMapper JSON = JsonMapper.builder().build();

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("identity")
                .with("elleve.identity.keycloak.url", Rig.keycloak().url())
                .register(registry);
    }

    @AfterAll
    static void close() {
        HTTP.close();
    }

    @LocalServerPort
    int port;

    final KeycloakAdmin keycloak;

    @Autowired
    TenantStoryTest(KeycloakAdmin keycloak) {
        this.keycloak = keycloak;
    }

    record Answer(int status, JsonNode body) {}

    @Test
    void what_the_gateway_relies_on_is_kept() {
        GatewayContract.isKeptBy(port);
    }

    @Test
    void the_committed_document_is_what_the_service_says_of_itself() {
        OpenApiContract.isWhatRuns("identity", port);
    }

    @Test
    void an_administrator_opens_a_tenant_and_its_members_get_tokens_for_it() throws Exception {
        var opened = post("administrator", "/tenants", "{\"id\":\"nord\",\"name\":\"Nord A/S\"}", null);
        assertThat(opened.status()).isEqualTo(201);
        assertThat(opened.body().path("state").asString()).isEqualTo("open");
        try (var probe = TopicProbe.rig()) {
            var event = probe.await(Topic.IDENTITY_TENANTS, heard -> "nord".equals(heard.tenant()));
            assertThat(event.as(TenantOpened.class).tenant()).isEqualTo(new TenantId("nord"));
        }

        assertThat(post("administrator", "/tenants/nord/members", "{\"login\":\"nord-admin\"}", null)
                        .status())
                .isEqualTo(201);
        var again = post("administrator", "/tenants/nord/members", "{\"login\":\"nord-admin\"}", null);
        assertThat(again.status()).as("joining twice is joining").isEqualTo(201);

        var claims = claimsOfRealToken("nord-admin");
        assertThat(claims.path("organization").toString()).contains("nord");
        assertThat(claims.path("realm_access").toString()).contains("tenant-admin");

        var members = get("nord-admin", "/tenants/nord/members");
        assertThat(members.body().path("items").get(0).path("login").asString()).isEqualTo("nord-admin");
    }

    @Test
    void a_new_person_gets_a_login_and_can_be_removed() throws Exception {
        post("administrator", "/tenants", "{\"id\":\"fjord\",\"name\":\"Fjord\"}", null);
        var body =
                "{\"email\":\"ny@fjord.invalid\",\"firstName\":\"Ny\",\"lastName\":\"Person\",\"roles\":[\"tenant-user\"]}";
        var joined = post("administrator", "/tenants/fjord/members", body, null);
        assertThat(joined.status()).as(joined.body().toString()).isEqualTo(201);
        assertThat(post("administrator", "/tenants/fjord/members", body, null).status())
                .isEqualTo(409);

        var member = "/tenants/fjord/members/" + joined.body().path("id").asString();
        var person = joined.body().path("id").asString();
        assertThat(keycloak.rolesOf(person)).contains("tenant-user");
        assertThat(call("DELETE", "administrator", member, null, null).status()).isEqualTo(204);
        assertThat(call("DELETE", "administrator", member, null, null).status()).isEqualTo(404);
        assertThat(keycloak.rolesOf(person)).doesNotContain("tenant-user");
    }

    @Test
    void nobody_is_drawn_into_a_tenant_from_another_one_or_from_the_staff() throws Exception {
        for (var id : new String[] {"nord", "kyst", "vig"}) {
            post("administrator", "/tenants", "{\"id\":\"" + id + "\",\"name\":\"T\"}", null);
        }
        var person = "{\"email\":\"her@kyst.invalid\",\"firstName\":\"Her\",\"lastName\":\"Person\"}";
        assertThat(post("administrator", "/tenants/kyst/members", person, null).status())
                .isEqualTo(201);
        var elsewhere = post(
                "administrator",
                "/tenants/vig/members",
                "{\"login\":\"her@kyst.invalid\",\"roles\":[\"tenant-admin\"]}",
                null);
        assertThat(elsewhere.status()).isEqualTo(409);
        assertThat(elsewhere.body().path("code").asString()).isEqualTo("member-elsewhere");
        var found = keycloak.findUser("her@kyst.invalid").orElseThrow();
        assertThat(keycloak.rolesOf(found.id())).doesNotContain("tenant-admin");

        var staff = post("administrator", "/tenants/vig/members", "{\"login\":\"support\"}", null);
        assertThat(staff.status()).isEqualTo(409);
        assertThat(staff.body().path("code").asString()).isEqualTo("is-staff");

        var curious = post("nord-admin", "/tenants/nord/members", "{\"login\":\"her@kyst.invalid\"}", null);
        assertThat(curious.status()).isEqualTo(403);
        assertThat(curious.body().toString()).doesNotContain("Person");
    }

    @Test
    void the_same_key_opens_once_and_the_same_id_without_it_is_refused() throws Exception {
        var body = "{\"id\":\"sund\",\"name\":\"Sund\"}";
        assertThat(post("administrator", "/tenants", body, "key-1").status()).isEqualTo(201);
        assertThat(post("administrator", "/tenants", body, "key-1").status()).isEqualTo(201);
        var other = post("administrator", "/tenants", "{\"id\":\"sund2\",\"name\":\"Sund\"}", "key-1");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body().path("code").asString()).isEqualTo("idempotency-key-reused");
        var taken = post("administrator", "/tenants", body, null);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.body().path("code").asString()).isEqualTo("tenant-exists");
    }

    @Test
    void a_lost_answer_of_keycloak_leaves_one_organization() {
        var tenant = new TenantId("twice");
        var first = keycloak.ensureOrganization(tenant, "Twice");
        assertThat(keycloak.ensureOrganization(tenant, "Twice").id()).isEqualTo(first.id());
    }

    @Test
    void closing_can_be_taken_back() throws Exception {
        post("administrator", "/tenants", "{\"id\":\"lukke\",\"name\":\"Lukke\"}", null);
        assertThat(post("administrator", "/tenants/lukke/closure", "", null)
                        .body()
                        .path("state")
                        .asString())
                .isEqualTo("closing");
        assertThat(call("DELETE", "administrator", "/tenants/lukke/closure", null, null)
                        .body()
                        .path("state")
                        .asString())
                .isEqualTo("open");
    }

    @Test
    void a_closing_whose_grace_period_is_over_is_not_taken_back() throws Exception {
        post("administrator", "/tenants", "{\"id\":\"forbi\",\"name\":\"Forbi\"}", null);
        post("administrator", "/tenants/forbi/closure", "", null);
        try (var database = Rig.postgres().superuser("identity").getConnection();
                var sql = database.createStatement()) {
            sql.executeUpdate(
                    "UPDATE data.tenant SET closes_at = now() - interval '1 minute' WHERE tenant_id = 'forbi'");
        }

        var late = call("DELETE", "administrator", "/tenants/forbi/closure", null, null);

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.body().path("code").asString()).isEqualTo("tenant-not-open");
    }

    /// As the restore does it in a database of a moment before the tenant was erased.
    @Test
    void a_restored_database_closes_an_erased_tenant_again_and_gives_its_id_to_nobody() throws Exception {
        post("administrator", "/tenants", "{\"id\":\"gendannet\",\"name\":\"Gendannet\"}", null);
        try (var database = Rig.postgres().superuser("identity").getConnection();
                var sql = database.createStatement()) {
            sql.execute("SELECT data.replay_erasure('gendannet', NULL, now() - interval '1 minute')");
            sql.execute("SELECT data.replay_erasure('ukendt', NULL, now() - interval '1 minute')");
        }

        Eventually.until(
                "the tenant is closed again",
                () -> call("GET", "administrator", "/tenants/gendannet", null, null)
                        .body(),
                tenant -> tenant.path("state").asString().equals("closed"));
        assertThat(post("administrator", "/tenants", "{\"id\":\"ukendt\",\"name\":\"Ukendt\"}", null)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void nobody_else_opens_tenants_or_looks_into_anothers() throws Exception {
        for (var login : new String[] {"technical-manager", "support", "dpo", "auditor", "nord-admin", "nord-user"}) {
            assertThat(post(login, "/tenants", "{\"id\":\"ulv\",\"name\":\"Ulv\"}", null)
                            .status())
                    .as(login)
                    .isEqualTo(403);
        }
        post("administrator", "/tenants", "{\"id\":\"havn\",\"name\":\"Havn\"}", null);
        assertThat(get("nord-admin", "/tenants/havn").status()).isEqualTo(404);
        assertThat(get("nord-admin", "/tenants/havn/members").status()).isEqualTo(404);
        assertThat(post("nord-admin", "/tenants/havn/members", "{\"login\":\"nord-user\"}", null)
                        .status())
                .isEqualTo(404);
        assertThat(post(
                                "administrator",
                                "/tenants/havn/members",
                                "{\"login\":\"dpo\",\"roles\":[\"administrator\"]}",
                                null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_forged_an_expired_and_no_token_are_refused_with_a_problem() throws Exception {
        for (var token : new String[] {
            Tokens.demo("administrator").forged().mint(),
            Tokens.demo("administrator").lifetime(Duration.ofMinutes(-5)).mint(),
            Tokens.demo("administrator").issuer("http://elsewhere.invalid").mint()
        }) {
            var answer = send("GET", token, "/tenants", null, null);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body().path("code").asString()).isEqualTo("unauthenticated");
        }
        assertThat(send("GET", null, "/tenants", null, null).status()).isEqualTo(401);
    }

    @Test
    void bad_input_says_what_and_where() throws Exception {
        var bad = post("administrator", "/tenants", "{\"id\":\"Not Good\",\"name\":\"x\"}", null);
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body().path("errors").get(0).path("pointer").asString()).isEqualTo("/id");
        assertThat(post("administrator", "/tenants", "{", null)
                        .body()
                        .path("code")
                        .asString())
                .isEqualTo("invalid-request");
        assertThat(get("administrator", "/tenants?cursor=made-up")
                        .body()
                        .path("code")
                        .asString())
                .isEqualTo("invalid-cursor");
    }

    @Test
    void the_list_of_tenants_goes_on_where_it_stopped() throws Exception {
        for (var id : new String[] {"liste-a", "liste-b", "liste-c"}) {
            post("administrator", "/tenants", "{\"id\":\"" + id + "\",\"name\":\"L\"}", null);
        }
        var seen = new TreeSet<String>();
        var path = "/tenants?limit=1";
        while (true) {
            var page = get("auditor", path).body();
            page.path("items")
                    .forEach(item ->
                            assertThat(seen.add(item.path("id").asString())).isTrue());
            if (page.path("next").isMissingNode()) {
                break;
            }
            path = "/tenants?limit=1&cursor=" + page.path("next").asString();
        }
        assertThat(seen).contains("liste-a", "liste-b", "liste-c");
    }

    @Test
    void me_is_who_the_token_says() throws Exception {
        var me = get("nord-user", "/me").body();
        assertThat(me.path("tenant").asString()).isEqualTo("nord");
        assertThat(me.path("roles").toString()).contains("tenant-user");
        assertThat(get("dpo", "/me").body().path("tenant").isMissingNode()).isTrue();
    }

    private Answer get(String login, String path) throws IOException, InterruptedException {
        return call("GET", login, path, null, null);
    }

    private Answer post(String login, String path, String body, @Nullable String key)
            throws IOException, InterruptedException {
        return call("POST", login, path, body, key);
    }

    private Answer call(String method, String login, String path, @Nullable String body, @Nullable String key)
            throws IOException, InterruptedException {
        return send(method, Tokens.demo(login).mint(), path, body, key);
    }

    private Answer send(String method, @Nullable String token, String path, @Nullable String body, @Nullable String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(), answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body()));
    }

    /// A token as the demo user gets it from Keycloak itself.
    private static JsonNode claimsOfRealToken(String login) throws Exception {
        return Eventually.until(
                "a token for " + login,
                () -> {
                    var form = Map.of(
                            "grant_type",
                            "password",
                            "client_id",
                            "elleve-cli",
                            "username",
                            login,
                            "password",
                            "elleve");
                    var answer = HTTP.send(
                            HttpRequest.newBuilder(
                                            URI.create(Rig.keycloak().issuer() + "/protocol/openid-connect/token"))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                                            .map(field -> field.getKey() + "="
                                                    + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                                            .collect(Collectors.joining("&"))))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    var token =
                            JSON.readTree(answer.body()).path("access_token").asString();
                    return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
                },
                claims -> claims.has("sub"));
    }
}
