package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent.TenantOpened;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.Faults;
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
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service on the rig, once for all stories; every story opens tenants of its own.
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(BreakableParts.class)
public abstract class TenantDataRig {

    protected static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// Two personal fields that can be found, one that cannot, and two that are not personal.
    protected static final String PEOPLE = """
            {"schema": {"type": "object", "required": ["email"], "additionalProperties": false, "properties": {
              "email": {"type": "string", "x-personal": true, "x-searchable": true, "x-subject": true},
              "name": {"type": "string", "x-personal": true, "x-searchable": true},
              "note": {"type": "string", "x-personal": true},
              "level": {"type": "integer", "minimum": 0, "x-searchable": true},
              "since": {"type": "string", "format": "date"}}}}
            """;

    protected static final String AREA = """
            {"purpose": "Delivering what customers ordered", "legalBasis": "6.1.b", "dataSubjects": ["customers"],
             "dataCategories": ["contact details"], "recipients": ["the carrier"], "retention": "P5Y"}
            """;

    protected static final String COLLECTION = "/areas/sales/collections/people";
    protected static final String RECORDS = COLLECTION + "/records";

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("tenant-data").register(registry);
        // Its owner does not run here, and a listener looks for a topic that is not there only every few minutes.
        try (var probe = TopicProbe.rig()) {
            probe.ensure(Topic.IDENTITY_TENANTS);
        }
    }

    @LocalServerPort
    protected int port;

    @Autowired
    protected Faults faults;

    protected record Answer(int status, String text, HttpResponse<String> http) {

        public JsonNode body() {
            return JSON.readTree(text);
        }

        public String tag() {
            return http.headers().firstValue("ETag").orElseThrow();
        }

        public String code() {
            return body().path("code").asString();
        }

        public String id() {
            return body().path("id").asString();
        }

        /// This answer, if it is the one that was expected.
        public Answer must(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }
    }

    /// Somebody with one role, in one tenant or in none.
    protected record Who(String tenant, String role) {

        Tokens.Token token() {
            var token = Tokens.user(tenant + "-" + role).roles(role);
            return tenant.isEmpty() ? token : token.tenant(tenant);
        }

        public String subject() {
            return token().subject().toString();
        }
    }

    protected static Who admin(String tenant) {
        return new Who(tenant, "tenant-admin");
    }

    /// Somebody of the operator, outside all tenants.
    protected static Who staff(String role) {
        return new Who("", role);
    }

    protected static Who user(String tenant) {
        return new Who(tenant, "tenant-user");
    }

    protected static Who dpo(String tenant) {
        return new Who(tenant, "tenant-dpo");
    }

    protected Answer get(Who who, String path) {
        return call("GET", who, path, null, Map.of());
    }

    protected Answer put(Who who, String path, String body) {
        return call("PUT", who, path, body, Map.of());
    }

    protected Answer post(Who who, String path, String body) {
        return call("POST", who, path, body, Map.of());
    }

    protected Answer filtered(Who who, String filter) {
        return get(who, RECORDS + "?filter=" + encoded(filter));
    }

    protected static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    protected Answer bring(Who who, String path, String type, String body) {
        return call("POST", who, path, body, Map.of("Content-Type", type));
    }

    protected Answer call(
            String method, @Nullable Who who, String path, @Nullable String body, Map<String, String> headers) {
        try {
            return send(method, who, path, body, headers);
        } catch (IOException broken) {
            throw new AssertionError(method + " " + path + " got no whole answer", broken);
        }
    }

    protected Answer send(
            String method, @Nullable Who who, String path, @Nullable String body, Map<String, String> headers)
            throws IOException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (who != null) {
            request.header("Authorization", who.token().bearer());
        }
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body(), answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// Says that identity opened the tenant, and waits until it is ready here.
    protected void open(String tenant) {
        try (var probe = TopicProbe.rig()) {
            probe.say(Topic.IDENTITY_TENANTS, tenant, tenant, opened(tenant));
        }
        awaitReady(tenant);
    }

    protected static TenantOpened opened(String tenant) {
        return new TenantOpened(new TenantId(tenant), tenant + " A/S", Instant.parse("2026-11-02T08:00:00Z"));
    }

    protected void awaitReady(String tenant) {
        Eventually.until("tenant " + tenant + " is ready", () -> get(admin(tenant), "/areas"), a -> a.status() == 200);
    }

    /// A tenant with the area `sales` and the collection `people`.
    protected void openWithPeople(String tenant) {
        open(tenant);
        put(admin(tenant), "/areas/sales", AREA).must(201);
        put(admin(tenant), COLLECTION, PEOPLE).must(201);
    }
}
