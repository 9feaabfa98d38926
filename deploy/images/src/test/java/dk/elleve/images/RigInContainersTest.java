package dk.elleve.images;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent.TenantOpened;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `-Delleve.rig=containers`: what a service's test asks the rig for is the same, and comes from the images that were
/// built here.
class RigInContainersTest {

    @BeforeAll
    static void build() throws Exception {
        Build.of("postgres", "kafka", "keycloak", "azurite");
        assertThat(System.getProperty("elleve.rig")).isEqualTo("containers");
    }

    @Test
    void postgresql_is_of_this_version_and_has_the_platform_s_roles_and_slots() throws Exception {
        try (var connection = Rig.postgres().as("audit", "audit_service").getConnection();
                var statement = connection.createStatement();
                var answer = statement.executeQuery(
                        "SELECT current_setting('server_version_num')::int / 10000, current_setting('wal_level'),"
                                + " current_setting('data_checksums')")) {
            assertThat(answer.next()).isTrue();
            assertThat(answer.getInt(1)).isEqualTo(18);
            assertThat(answer.getString(2)).isEqualTo("logical");
            assertThat(answer.getString(3)).isEqualTo("on");
        }
    }

    @Test
    void kafka_takes_a_message_and_gives_it_back() {
        var opened = new TenantOpened(new TenantId("nord"), "Nord Gruppen A/S", Instant.parse("2026-11-02T08:00:00Z"));
        try (var topics = TopicProbe.rig()) {
            topics.say(Topic.IDENTITY_TENANTS, "nord", "nord", opened);

            assertThat(topics.await(Topic.IDENTITY_TENANTS, TenantOpened.class).as(TenantOpened.class))
                    .isEqualTo(opened);
        }
    }

    @Test
    void azurite_asks_for_a_signature() throws Exception {
        var endpoint = Rig.azurite().connectionString().replaceFirst(".*BlobEndpoint=([^;]+);.*", "$1");
        assertThat(status(endpoint + "?comp=list")).isEqualTo(403);
    }

    @Test
    void keycloak_has_the_realm_and_names_itself_as_its_tokens_do() throws Exception {
        var issuer = Rig.keycloak().issuer();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"issuer\":\"" + issuer + "\"");
        }
    }

    private static int status(String url) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
