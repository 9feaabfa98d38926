package dk.elleve.audit.retention;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.Neighbour;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.ServiceSettings;
import dk.elleve.tlog.TlogProof;
import dk.elleve.tlog.VerifierKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RetentionStoryTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final TenantId NORD = new TenantId("nord");
    private static final TenantId HAVN = new TenantId("havn");
    private static final String SETTLED = "{\"reason\": \"settled\"}";

    private final Instant longAgo = Instant.now().minus(730, ChronoUnit.DAYS);
    private final String who = UUID.randomUUID().toString();

    private final Expiry expiry;
    private final Keyring keyring;

    @Autowired
    RetentionStoryTest(Expiry expiry, Keyring keyring) {
        this.expiry = expiry;
        this.keyring = keyring;
    }

    @Test
    void what_an_entry_says_goes_when_its_time_is_over_and_its_proof_stays() throws Exception {
        keyring.create(NORD);
        keyring.create(HAVN);
        long old = access(NORD, longAgo);
        long foreign = access(HAVN, longAgo);
        long fresh = access(NORD, Instant.now());
        var actor = actorIndex(access(NORD, longAgo, "once-" + who));
        assertThat(stretchesWith(actor)).isOne();
        decide("administrator", "accesses", "?tenant=nord", "{\"period\": \"P1Y\"}", 200);
        expiry.run();
        assertThat(flags(old)).as("the rule is seen for a week first").doesNotContain("expired");

        inForceNow();
        var hold = post(
                        Tokens.demo("dpo").bearer(),
                        "/audit/holds",
                        "{\"tenant\": \"nord\", \"reason\": \"dispute\", \"to\": \"" + Instant.now() + "\"}",
                        UUID.randomUUID().toString())
                .json();
        expiry.run();
        assertThat(flags(old)).as("held").doesNotContain("expired");
        var release = "/audit/holds/" + hold.path("id").asString() + "/release";
        assertThat(post(Tokens.demo("nord-admin").bearer(), release, SETTLED, null)
                        .status())
                .isEqualTo(403);
        assertThat(post(Tokens.demo("dpo").bearer(), release, "{}", null).status())
                .as("nobody says why")
                .isEqualTo(400);
        var released = post(Tokens.demo("dpo").bearer(), release, SETTLED, null).json();
        assertThat(released.path("state").asString()).isEqualTo("released");
        assertThat(released.path("releaseReason").asString()).isEqualTo("settled");
        assertThat(get("auditor", "/audit/holds?limit=1").items().get(0)).isEqualTo(released);
        assertThat(post(Tokens.demo("dpo").bearer(), release, SETTLED, null).status())
                .isEqualTo(409);

        expiry.run();

        var gone = get("auditor", "/audit/entries/" + old).json();
        assertThat(gone.path("flags").toString()).contains("expired");
        assertThat(gone.has("actor") || gone.has("resource") || gone.has("after"))
                .isFalse();
        assertThat(flags(foreign)).as("another tenant's").doesNotContain("expired");
        assertThat(flags(fresh)).as("its time is not over").doesNotContain("expired");
        assertThat(get("auditor", "/audit/entries?actor=" + who).items())
                .as("nothing finds it by what it said")
                .hasSize(2);
        assertThat(stretchesWith(actor)).as("nor tells where it was").isZero();
        assertThat(text("SELECT count(*) FROM data.sums(0, 1000) n LEFT JOIN data.stretch s USING (number)"
                        + " WHERE s IS DISTINCT FROM n"))
                .as("which is what stretches should say")
                .isEqualTo("0");
        var proof = until(
                "a proof",
                SOON,
                () -> get("auditor", "/audit/entries/" + old + "/proof"),
                answer -> answer.status() == 200);
        var parsed = TlogProof.parse(proof.text());
        parsed.verify(
                parsed.extra().orElseThrow().bytes(),
                List.of(VerifierKey.parse(Rig.secrets().noteVerifierKey(ServiceSettings.LOG_NAME))));
        assertThat(get("auditor", "/audit/export?tenant=nord&kind=access").status())
                .isEqualTo(200);
        var erasure = until(
                "what went is told",
                SOON,
                () -> get("nord-admin", "/audit/entries?kind=erasure&resource=retention/accesses")
                        .items(),
                found -> !found.isEmpty());
        assertThat(erasure.get(0).path("after").path("entries").asLong()).isEqualTo(2);
    }

    @Test
    void expiring_waits_for_whoever_appends_so_that_no_sum_of_before_replaces_a_newer_one() throws Exception {
        keyring.create(HAVN);
        long old = access(HAVN, longAgo);
        var actor = actorIndex(old);
        decide("administrator", "accesses", "?tenant=havn", "{\"period\": \"P1Y\"}", 200);
        inForceNow();
        CompletableFuture<Void> run;
        try (var appending = Rig.postgres().superuser("audit").getConnection()) {
            appending.setAutoCommit(false);
            Neighbour.run(
                    appending,
                    "SET LOCAL elleve.tenant = '*'",
                    "SELECT pg_advisory_xact_lock(hashtext('audit.log'))",
                    "SELECT data.sum_up(" + (old >> 8) + ", " + (old >> 8) + ")");
            run = CompletableFuture.runAsync(expiry::run);
            until(
                    "expiring waits for the log's lock",
                    SOON,
                    () -> text(
                            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%data.expire_entries(%' AND wait_event = 'advisory'"),
                    "1"::equals);
            assertThat(stretchesWith(actor)).isOne();
            appending.commit();
        }
        run.join();

        assertThat(flags(old)).contains("expired");
        assertThat(stretchesWith(actor)).isZero();
        decide("administrator", "accesses", "?tenant=havn", "{}", 200);
    }

    @Test
    void a_rule_is_taken_back_before_it_is_in_force() throws Exception {
        keyring.create(HAVN);
        long old = access(HAVN, longAgo);
        decide("havn-admin", "accesses", "", "{\"period\": \"P3Y\"}", 200);
        decide("havn-admin", "accesses", "", "{\"period\": \"P1Y\"}", 200);
        assertThat(get("havn-admin", "/audit/retention").text()).contains("P1Y");
        decide("havn-admin", "accesses", "", "{}", 200);
        assertThat(get("havn-admin", "/audit/retention").text())
                .as("what was taken back will never count")
                .doesNotContain("P1Y", "P3Y");

        inForceNow();
        expiry.run();

        assertThat(flags(old)).doesNotContain("expired");
    }

    @Test
    void the_service_can_take_away_nothing_that_no_rule_lets_go() throws Exception {
        try (var audit = Rig.postgres().as("audit", "audit_service").getConnection()) {
            for (var statement : List.of(
                    "UPDATE data.entry SET payload = NULL",
                    "DELETE FROM data.entry",
                    "UPDATE data.stretch SET actors = '{}'",
                    "INSERT INTO data.stretch SELECT * FROM data.stretch",
                    "UPDATE data.retention_rule SET in_force = now()",
                    "DELETE FROM data.legal_hold")) {
                assertThatThrownBy(() -> Neighbour.run(audit, statement))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("permission denied");
            }
            assertThatThrownBy(() -> Neighbour.run(
                            audit,
                            "SELECT set_config('elleve.tenant', '*', false)",
                            "INSERT INTO data.retention_rule VALUES (gen_random_uuid(), NULL, 'changes', '31 days', 'P31D',"
                                    + " now(), 'staff', 'x', now() - interval '1 year')"))
                    .hasMessageContaining("seven days");
        }
    }

    @Test
    void tenants_decide_for_themselves_within_limits() throws Exception {
        keyring.create(NORD);
        var rule = decide("nord-admin", "reads", "", "{\"period\": \"P2Y\"}", 200);
        assertThat(rule.path("tenant").asString()).isEqualTo("nord");
        assertThat(Instant.parse(rule.path("inForce").asString()))
                .isAfter(CLOCK.instant().plus(6, ChronoUnit.DAYS));
        decide("nord-admin", "reads", "?tenant=havn", "{\"period\": \"P2Y\"}", 403);
        decide("nord-admin", "reads", "", "{\"period\": \"P10D\"}", 422);
        for (var tooLong : List.of("P100Y1D", "P9000Y", "P2147483647Y", "P2147483647D")) {
            assertThat(decide("nord-admin", "reads", "", "{\"period\": \"" + tooLong + "\"}", 422)
                            .path("code")
                            .asString())
                    .isEqualTo("period-too-long");
        }
        decide("nord-admin", "reads", "", "{\"period\": \"P-2147483647Y\"}", 422);
        decide("nord-admin", "reads", "", "{\"period\": \"two years\"}", 400);
        decide("nord-admin", "everything", "", "{\"period\": \"P2Y\"}", 404);
        decide("nord-user", "reads", "", "{\"period\": \"P2Y\"}", 403);
        decide("auditor", "reads", "", "{\"period\": \"P2Y\"}", 403);
        decide("administrator", "logins", "", "{}", 200);

        assertThat(get("nord-admin", "/audit/retention").text())
                .contains("\"period\":\"P2Y\"", "\"entries\":\"logins\"");
        assertThat(get("havn-admin", "/audit/retention").text()).doesNotContain("P2Y");

        assertThat(post(
                                Tokens.demo("nord-admin").bearer(),
                                "/audit/holds",
                                "{\"tenant\": \"havn\", \"reason\": \"dispute\"}",
                                null)
                        .status())
                .isEqualTo(403);
        assertThat(post(
                                Tokens.demo("nord-admin").bearer(),
                                "/audit/holds",
                                "{\"reason\": \"dispute\", \"from\": \"2026-02-01T00:00:00Z\", \"to\": \"2026-01-01T00:00:00Z\"}",
                                null)
                        .status())
                .isEqualTo(400);
        var own = post(Tokens.demo("nord-admin").bearer(), "/audit/holds", "{\"reason\": \"dispute\"}", null)
                .json();
        assertThat(own.path("tenant").asString()).isEqualTo("nord");
        assertThat(get("havn-admin", "/audit/holds").items()).isEmpty();
        assertThat(get("nord-admin", "/audit/holds?limit=1").items().get(0).path("id"))
                .isEqualTo(own.path("id"));
        assertThat(post(
                                Tokens.demo("nord-admin").bearer(),
                                "/audit/holds/" + own.path("id").asString() + "/release",
                                SETTLED,
                                null)
                        .status())
                .isEqualTo(200);
    }

    private long access(TenantId tenant, Instant at) throws Exception {
        return access(tenant, at, who);
    }

    private long access(TenantId tenant, Instant at, String who) throws Exception {
        var mark = "/areas/" + UUID.randomUUID();
        try (var topics = TopicProbe.rig()) {
            topics.say(
                    Topic.GATEWAY_ACCESSES,
                    UUID.randomUUID().toString(),
                    tenant.value(),
                    tenant.value(),
                    new Access(
                            "request-1",
                            tenant,
                            new Actor(Actor.Kind.STAFF, who, null),
                            "GET",
                            mark,
                            200,
                            "staff",
                            -1,
                            3,
                            at));
        }
        return until(
                        "the access is in the log",
                        SOON,
                        () -> get("auditor", "/audit/entries?resource=GET%20" + mark)
                                .items(),
                        found -> found.size() == 1)
                .get(0)
                .path("index")
                .asLong();
    }

    private String flags(long index) throws Exception {
        return get("auditor", "/audit/entries/" + index).json().path("flags").toString();
    }

    private static String actorIndex(long index) throws SQLException {
        return text("SELECT encode(actor_index, 'hex') FROM data.leaf WHERE index = " + index);
    }

    /// How many stretches tell that they hold something of this actor.
    private static int stretchesWith(String actor) throws SQLException {
        return Integer.parseInt(
                text("SELECT count(*) FROM data.stretch WHERE actors @> ARRAY[decode('" + actor + "', 'hex')]"));
    }

    private static String text(String sql) throws SQLException {
        try (var audit = Rig.postgres().superuser("audit").getConnection();
                var statement = audit.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /// A week later.
    private static void inForceNow() throws SQLException {
        try (var audit = Rig.postgres().superuser("audit").getConnection()) {
            Neighbour.run(audit, "UPDATE data.retention_rule SET in_force = now() WHERE period IS NOT NULL");
        }
    }

    private JsonNode decide(String login, String entries, String query, String body, int status) throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address() + "/audit/retention/" + entries + query))
                                .header("Authorization", Tokens.demo(login).bearer())
                                .header("Content-Type", "application/json")
                                .PUT(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }
}
