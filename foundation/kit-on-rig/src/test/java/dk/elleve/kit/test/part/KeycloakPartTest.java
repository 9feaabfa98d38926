package dk.elleve.kit.test.part;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.Tokens;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KeycloakPartTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void a_demo_user_gets_a_token_with_the_role_and_the_subject_the_rig_knows() throws Exception {
        var claims = claims(tokenOf("administrator", "organization"));

        assertThat(claims.get("iss").asString()).isEqualTo(Rig.keycloak().issuer());
        assertThat(claims.get("sub").asString())
                .isEqualTo(Tokens.subject("administrator").toString());
        assertThat(claims.get("realm_access").get("roles").toString()).contains("\"administrator\"");
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(300);
        assertThat(claims.has("organization")).isFalse();
    }

    @Test
    void identity_may_open_an_organization_and_its_member_then_carries_it() throws Exception {
        var admin = Rig.keycloak().url() + "/admin/realms/elleve";
        var token = serviceToken();

        var opened = send("POST", admin + "/organizations", token, """
                {"name": "prove", "alias": "prove", "domains": [{"name": "prove.localhost"}]}
                """);
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        var organization = opened.headers().firstValue("Location").orElseThrow();
        var member = send(
                "POST",
                organization + "/members",
                token,
                Tokens.subject("nord-user").toString());
        assertThat(member.statusCode()).as(member.body()).isEqualTo(201);

        var claims = claims(tokenOf("nord-user", "openid"));
        assertThat(claims.get("organization").toString()).contains("prove");
        assertThat(send("DELETE", organization, token, "").statusCode()).isEqualTo(204);
    }

    @Test
    void identity_may_not_change_the_realm() throws Exception {
        var changed = send(
                "PUT",
                Rig.keycloak().url() + "/admin/realms/elleve",
                serviceToken(),
                "{\"accessTokenLifespan\": 86400}");

        assertThat(changed.statusCode()).isEqualTo(403);
    }

    @Test
    void no_secret_stands_in_the_arguments_or_the_environment() throws Exception {
        var process = new Daemon("keycloak", Rig.place())
                .handle()
                .or(() -> {
                    Rig.keycloak();
                    return new Daemon("keycloak", Rig.place()).handle();
                })
                .orElseThrow();
        var proc = Path.of("/proc/" + process.pid());

        for (var file : new String[] {"cmdline", "environ"}) {
            assertThat(Files.readString(proc.resolve(file)))
                    .doesNotContain(Rig.secrets().password(ClusterProvisioner.KEYCLOAK))
                    .doesNotContain(Rig.secrets().password("keycloak-admin"));
        }
    }

    private String tokenOf(String user, String scope) throws Exception {
        return token(Map.of(
                "grant_type", "password",
                "client_id", "elleve-cli",
                "username", user,
                "password", "elleve",
                "scope", scope));
    }

    private String serviceToken() throws Exception {
        return token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                KeycloakPart.IDENTITY_CLIENT,
                "client_secret",
                Rig.secrets().password(KeycloakPart.IDENTITY_CLIENT)));
    }

    private String token(Map<String, String> form) throws Exception {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var response = http.send(
                HttpRequest.newBuilder(URI.create(Rig.keycloak().issuer() + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).get("access_token").asString();
    }

    private HttpResponse<String> send(String method, String address, String token, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode claims(String token) {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }
}
