package dk.elleve.audit.capture;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.Rig;
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
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keycloak itself, and somebody who goes past it.
class KeycloakCaptureTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void what_keycloak_does_is_in_the_log_without_a_value_and_without_alarm() throws Exception {
        var user = user("karen");
        change(user, """
                {"username": "karen", "email": "karen@privat.example", "firstName": "Karen", "enabled": true}
                """);

        var entries = entries(
                "user_entity/" + user,
                found -> !found.isEmpty()
                        && found.getFirst().path("after").toString().contains("email"));

        var update = entries.getFirst();
        assertThat(update.path("kind").asString()).isEqualTo("update");
        assertThat(update.path("actor").path("kind").asString()).isEqualTo("database");
        assertThat(update.path("actor").path("id").asString()).isEqualTo("keycloak");
        assertThat(update.path("flags").toString()).contains("system").doesNotContain("unattributed");
        assertThat(update.path("after").path("columns").toString()).contains("\"email\"", "\"first_name\"");
        assertThat(update.has("before")).isFalse();
        var insert = entries.getLast();
        assertThat(insert.path("kind").asString()).isEqualTo("insert");
        assertThat(insert.has("after")).isFalse();
        assertThat(everything()).doesNotContain("karen");
    }

    @Test
    void whoever_goes_past_keycloak_is_told_with_his_role() throws Exception {
        var user = user("lars");
        try (var topics = TopicProbe.rig();
                var connection = Rig.postgres().superuser("keycloak").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("SET application_name = 'psql'");
            // Under Keycloak's name, which a superuser may take on.
            statement.execute("SET SESSION AUTHORIZATION keycloak");
            statement.execute("UPDATE data.user_entity SET email_verified = true WHERE id = '" + user + "'");

            var told = topics.await(
                    Topic.AUDIT_FINDINGS,
                    SOON,
                    event -> event.body().path("resource").asString("").equals("keycloak/user_entity"));

            assertThat(told.body().path("kind").asString()).isEqualTo("unattributed-change");
            assertThat(told.body().path("facts").path("role").asString()).isEqualTo("postgres");
            assertThat(told.body().path("facts").path("application").asString()).isEqualTo("psql");
        }
        var entry = entries("user_entity/" + user, found -> found.size() >= 2).getFirst();
        assertThat(entry.path("flags").toString()).contains("unattributed");
        assertThat(entry.path("after").path("columns").toString()).isEqualTo("[\"email_verified\"]");
    }

    @Test
    void every_table_that_keycloak_made_is_captured_and_says_who_changes_it() throws Exception {
        Rig.keycloak();
        try (var connection = Rig.postgres().superuser("keycloak").getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT count(*),
                               count(*) FILTER (WHERE c.relreplident = 'f'),
                               count(*) FILTER (WHERE EXISTS (SELECT FROM pg_trigger t
                                   WHERE t.tgrelid = c.oid AND t.tgname = 'tell_session' AND t.tgenabled = 'A')),
                               count(*) FILTER (WHERE EXISTS (SELECT FROM pg_publication_tables p
                                   WHERE p.schemaname = 'data' AND p.tablename = c.relname))
                        FROM pg_class c
                        JOIN pg_roles r ON r.oid = c.relowner
                        WHERE c.relkind = 'r' AND r.rolname = 'keycloak'
                        """)) {
            row.next();
            int tables = row.getInt(1);
            assertThat(tables).isGreaterThan(80);
            assertThat(List.of(row.getInt(2), row.getInt(3), row.getInt(4))).containsOnly(tables);
        }
    }

    @Test
    void keycloak_s_tables_are_compared_with_their_log_like_all_others() throws Exception {
        user("mette");
        var first = compared(null);

        var second = compared(first);

        assertThat(second.path("state").asString()).isEqualTo("equal");
    }

    private List<JsonNode> entries(String resource, Predicate<List<JsonNode>> fits) {
        return until(
                "entries of " + resource,
                SOON,
                () -> StreamSupport.stream(
                                get("auditor", "/audit/entries?resource=keycloak/" + resource)
                                        .items()
                                        .spliterator(),
                                false)
                        .toList(),
                fits);
    }

    /// What the log says of Keycloak's rows and their structure, as one text.
    private String everything() throws IOException, InterruptedException {
        var export = get("auditor", "/audit/export?format=jsonl&actor=keycloak").text();
        assertThat(export).contains("keycloak/user_entity/");
        return export;
    }

    private JsonNode compared(JsonNode before) throws Exception {
        assertThat(post(Tokens.demo("administrator").bearer(), "/audit/reconciliations", """
                        {"source": "keycloak"}""", null)
                        .status())
                .isEqualTo(202);
        return until(
                "a comparison",
                SOON,
                () -> StreamSupport.stream(
                                get("auditor", "/audit/reconciliations?limit=50")
                                        .items()
                                        .spliterator(),
                                false)
                        .filter(each -> each.path("source").asString().equals("keycloak"))
                        .filter(each -> each.hasNonNull("ended"))
                        .filter(each -> before == null
                                || !each.path("id")
                                        .asString()
                                        .equals(before.path("id").asString()))
                        .findFirst()
                        .orElse(null),
                found -> true);
    }

    /// @return the new user's id
    private String user(String name) throws Exception {
        var made = send("POST", users(), "{\"username\": \"" + name + "\", \"enabled\": true}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var location = made.headers().firstValue("Location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private void change(String user, String to) throws Exception {
        var changed = send("PUT", users() + "/" + user, to);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(204);
    }

    private static String users() {
        return Rig.keycloak().url() + "/admin/realms/elleve/users";
    }

    private HttpResponse<String> send(String method, String address, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Bearer " + administrator())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String administrator() throws Exception {
        var form = "grant_type=password&client_id=admin-cli&username=admin&password="
                + URLEncoder.encode(Rig.secrets().password("keycloak-admin"), StandardCharsets.UTF_8);
        var answer = http.send(
                HttpRequest.newBuilder(
                                URI.create(Rig.keycloak().url() + "/realms/master/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("access_token").asString();
    }
}
