package dk.elleve.breach;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.breach.Fixture.Answer;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.EventType;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentClosed;
import dk.elleve.contracts.breach.IncidentEvent.IncidentDecided;
import dk.elleve.contracts.breach.IncidentEvent.IncidentNotified;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.GatewayContract;
import dk.elleve.kit.test.OpenApiContract;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.SealedSamples;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.MailSink;
import dk.elleve.kit.test.part.ServiceSettings;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BreachStoryTest {

    static final HttpClient HTTP = HttpClient.newHttpClient();
    static final TopicProbe PROBE = TopicProbe.rig();

    /// A mail server of this test alone, so that it can be taken away.
    static final Relay MAIL = new Relay(Rig.mail().smtpPort());

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("breach")
                .with("spring.mail.port", Integer.toString(MAIL.port()))
                .with("elleve.breach.dashboard", "https://elleve.example")
                .with("elleve.breach.mail-pause", "2s")
                .register(registry);
        SealedSamples.ensureTopics("dk.elleve.breach");
    }

    @AfterAll
    static void close() {
        MAIL.close();
        PROBE.close();
        HTTP.close();
    }

    @LocalServerPort
    int port;

    Fixture service = new Fixture(0, HTTP);

    @BeforeEach
    void service() {
        service = new Fixture(port, HTTP);
        MAIL.open();
    }

    @Test
    void a_finding_becomes_a_case_a_mail_and_an_event_and_the_officer_decides_and_closes() throws Exception {
        var resource = "tenant_data/" + UUID.randomUUID();
        var detected = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var start = System.nanoTime();
        say(finding("unattributed-change", "nord", resource, detected));

        var mail = mailAbout(resource);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        var brief = caseOn("dpo", resource);
        var id = brief.path("id").asString();
        assertThat(mail.to()).containsExactly(ServiceSettings.DPO_ADDRESS);
        assertThat(mail.subject()).contains("Ændring uden kendt ophavsmand").contains("Change without a known author");
        assertThat(mail.text())
                .contains(id)
                .contains("https://elleve.example/breaches/" + id)
                .contains("Frist (72 t)");

        assertThat(brief.path("state").asString()).isEqualTo("open");
        assertThat(brief.path("severity").asString()).isEqualTo("high");
        assertThat(brief.path("tenant").asString()).isEqualTo("nord");
        assertThat(brief.path("kind").asString()).isEqualTo("unattributed-change");
        assertThat(instant(brief, "discoveredAt")).isEqualTo(detected);
        assertThat(instant(brief, "deadline")).isEqualTo(detected.plus(Duration.ofHours(72)));
        var opened = PROBE.await(
                Topic.BREACH_INCIDENTS,
                heard -> id.equals(heard.key()) && heard.type().contains("incident-opened"));
        assertThat(opened.tenant()).isEqualTo("nord");
        assertThat(opened.as(IncidentOpened.class).awareAt()).isEqualTo(detected);
        Eventually.eventually(
                "the mail is on record",
                () -> assertThat(kinds(id)).startsWith("opened").contains("notified"));

        var assessed = patch("dpo", id, "\"1\"", "{\"dataClasses\":[\"simple\"],\"exposure\":\"none\"}");
        assertThat(assessed.status()).as(assessed.body().toString()).isEqualTo(200);
        assertThat(assessed.body().path("state").asString()).isEqualTo("assessed");
        var advice = service.get("dpo", "/breaches/" + id + "/assessment").body();
        assertThat(advice.path("document").asBoolean()).isTrue();
        assertThat(advice.path("notifyAuthority").asBoolean()).isTrue();
        assertThat(advice.path("nearest").size()).isEqualTo(3);

        assertThat(close("dpo", id).code()).isEqualTo("breach-not-decided");
        var decided = service.post("dpo", "/breaches/" + id + "/decision", decision(true, false));
        assertThat(decided.status()).as(decided.body().toString()).isEqualTo(201);
        assertThat(decided.body().path("reason").asString()).isEqualTo("The integrity was broken.");
        var detail = service.get("dpo", "/breaches/" + id).body();
        assertThat(detail.path("state").asString()).isEqualTo("decided");
        assertThat(detail.path("decision").path("notifyAuthority").asBoolean()).isTrue();

        assertThat(close("dpo", id).code()).isEqualTo("notices-outstanding");
        var draft = service.post("dpo", "/breaches/" + id + "/notices", "{\"audience\":\"authority\"}");
        assertThat(draft.status()).as(draft.body().toString()).isEqualTo(201);
        assertThat(draft.body().path("state").asString()).isEqualTo("draft");
        assertThat(draft.body().path("text").path("da").asString())
                .contains("GDPR art. 33")
                .contains(id);
        assertThat(draft.body().path("missing").toString()).contains("33(3)(a)");
        var receipt = "/breaches/" + id + "/notices/1/receipt";
        var unproven = service.post("dpo", receipt, "{\"sentAt\":\"" + Instant.now() + "\",\"channel\":\"virk.dk\"}");
        assertThat(unproven.status()).isEqualTo(400);
        var proven = service.post(
                "dpo",
                receipt,
                "{\"sentAt\":\"" + Instant.now() + "\",\"channel\":\"virk.dk\",\"reference\":\"2026-1\"}");
        assertThat(proven.status()).as(proven.body().toString()).isEqualTo(200);
        assertThat(proven.body().path("state").asString()).isEqualTo("sent");
        var twice = service.post(
                "dpo",
                receipt,
                "{\"sentAt\":\"" + Instant.now() + "\",\"channel\":\"virk.dk\",\"reference\":\"2026-2\"}");
        assertThat(twice.code()).isEqualTo("notice-sent-already");
        var told = service.get("dpo", "/breaches/" + id).body();
        assertThat(told.path("state").asString()).isEqualTo("notified");
        assertThat(told.path("deadline").isMissingNode()).isTrue();
        assertThat(told.path("clocks").get(0).path("id").asString()).isEqualTo("GDPR-33-1");
        assertThat(told.path("clocks").get(0).path("state").asString()).isEqualTo("done");

        var closed = close("dpo", id);
        assertThat(closed.status()).as(closed.body().toString()).isEqualTo(200);
        assertThat(closed.body().path("state").asString()).isEqualTo("closed");
        assertThat(kinds(id))
                .containsSubsequence("opened", "facts", "assessed", "decided", "notice", "notified", "closed");
        assertThat(service.post("dpo", "/breaches/" + id + "/decision", decision(false, false))
                        .code())
                .isEqualTo("breach-closed");
        assertThat(heard(id, IncidentDecided.class).notifyAuthority()).isTrue();
        assertThat(heard(id, IncidentNotified.class).incident()).isEqualTo(id);
        assertThat(heard(id, IncidentClosed.class).incident()).isEqualTo(id);
    }

    @Test
    void the_same_finding_said_twice_is_one_case_and_further_ones_join_it_until_it_is_decided() throws Exception {
        var resource = "tenant_data/" + UUID.randomUUID();
        var first = finding("unattributed-change", "havn", resource, Instant.now());
        PROBE.say(Topic.AUDIT_FINDINGS, "event-" + first.id(), "havn", "havn", first);
        PROBE.say(Topic.AUDIT_FINDINGS, "event-" + first.id(), "havn", "havn", first);
        say(first);
        mailAbout(resource);
        for (int i = 0; i < 5; i++) {
            say(finding("unattributed-change", "havn", resource, Instant.now()));
        }
        var found = Eventually.until(
                "all findings in one case",
                () -> caseOn("dpo", resource),
                each -> each.path("findings").asInt() == 6);
        assertThat(allOn(resource)).hasSize(1);
        Eventually.eventually("one mail tells of the further five", () -> {
            var mails = mailsAbout(resource);
            assertThat(mails.getFirst().text()).contains("Antal fund:    6");
            assertThat(mails).hasSizeBetween(2, 3);
        });

        var id = found.path("id").asString();
        service.post("dpo", "/breaches/" + id + "/decision", decision(false, false));
        say(finding("unattributed-change", "havn", resource, Instant.now()));
        Eventually.eventually(
                "a finding after the decision is a new case",
                () -> assertThat(allOn(resource)).hasSize(2));
    }

    @Test
    void without_a_mail_server_cases_are_opened_and_the_mail_follows_when_it_is_back() throws Exception {
        var resource = "cluster/" + UUID.randomUUID();
        MAIL.shut();
        say(finding("wal-gap", null, resource, Instant.now()));
        var id = caseOn("dpo", resource).path("id").asString();
        Eventually.eventually(
                "the relay has tried in vain", () -> assertThat(MAIL.refused()).isPositive());
        assertThat(mailsAbout(resource)).isEmpty();
        assertThat(kinds(id)).containsExactly("opened");

        MAIL.open();
        mailAbout(resource);
        Eventually.eventually("it is on record", () -> assertThat(kinds(id)).containsExactly("opened", "notified"));
        assertThat(mailsAbout(resource)).hasSize(1);
    }

    @Test
    void what_the_gateway_relies_on_is_kept() {
        GatewayContract.isKeptBy(port);
    }

    @Test
    void the_committed_document_is_what_the_service_says_of_itself() {
        OpenApiContract.isWhatRuns("breach", port);
    }

    @Test
    void every_finding_that_was_ever_on_the_wire_is_taken() {
        SealedSamples.areTakenBy("breach", "dk.elleve.breach");
    }

    @Test
    void what_is_no_finding_is_set_aside_and_the_next_is_heard() {
        PROBE.ensure(Topic.GATEWAY_FINDINGS);
        PROBE.say(
                Topic.GATEWAY_FINDINGS.wireName(),
                "platform",
                Map.of(
                        "ce_id", "x-1",
                        "ce_type", "dk.elleve.platform.unheard-of.v9",
                        "ce_source", "/gateway",
                        "ce_specversion", "1.0",
                        "ce_time", Instant.now().toString()),
                "{}");
        var resource = "gateway/" + UUID.randomUUID();
        PROBE.say(Topic.GATEWAY_FINDINGS, null, "platform", finding("odd-traffic", null, resource, Instant.now()));
        assertThat(caseOn("dpo", resource).path("title").path("en").asString()).isEqualTo("Finding: odd-traffic");
    }

    @Test
    void only_the_officer_decides_and_who_has_no_business_here_reads_nothing() throws Exception {
        var id = reported("nord");
        for (var login : List.of(
                "administrator", "technical-manager", "support", "auditor", "nord-admin", "nord-dpo", "nord-user")) {
            assertThat(service.post(login, "/breaches/" + id + "/decision", decision(true, true))
                            .status())
                    .as(login)
                    .isEqualTo(403);
            assertThat(close(login, id).status()).as(login).isEqualTo(403);
            assertThat(service.post(login, "/breaches/" + id + "/notices", "{\"audience\":\"tenant\"}")
                            .status())
                    .as(login)
                    .isEqualTo(403);
        }
        for (var login : List.of("technical-manager", "support", "nord-user")) {
            for (var path : List.of("", "/" + id, "/" + id + "/timeline", "/" + id + "/assessment", "/register")) {
                assertThat(service.get(login, "/breaches" + path).status())
                        .as(login + path)
                        .isEqualTo(403);
            }
        }
        assertThat(service.post("auditor", "/breaches", "{\"title\":\"x\"}").status())
                .isEqualTo(403);
    }

    @Test
    void a_tenant_sees_its_own_cases_and_nothing_of_others_or_of_the_platform() throws Exception {
        var nord = reported("nord");
        var havn = reported("havn");
        var platform = reported(null);
        assertThat(service.get("nord-dpo", "/breaches/" + nord).status()).isEqualTo(200);
        assertThat(service.get("nord-admin", "/breaches/" + nord + "/timeline")
                        .body()
                        .path("items")
                        .size())
                .isPositive();
        for (var hidden : List.of(havn, platform)) {
            for (var path : List.of("", "/timeline", "/assessment", "/notices")) {
                var answer = service.get("nord-dpo", "/breaches/" + hidden + path);
                assertThat(answer.status()).as(path).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("breach-unknown");
            }
        }
        var list = service.get("nord-dpo", "/breaches?limit=500").raw().body();
        assertThat(list).contains(nord).doesNotContain(havn).doesNotContain(platform);
        var register =
                service.get("nord-dpo", "/breaches/register?limit=500").raw().body();
        assertThat(register).contains(nord).doesNotContain(havn).doesNotContain(platform);
        var resource = "tenant_data/" + UUID.randomUUID();
        say(finding("unattributed-change", "nord", resource, Instant.now()));
        var found = caseOn("nord-dpo", resource).path("id").asString();
        assertThat(service.get("nord-dpo", "/breaches/" + found + "/timeline")
                        .raw()
                        .body())
                .contains(resource)
                .doesNotContain("tenant_data_migrator");
        assertThat(service.get("dpo", "/breaches/" + found + "/timeline").raw().body())
                .contains("tenant_data_migrator");
        assertThat(service.post("nord-admin", "/breaches", "{\"title\":\"Lost key\",\"tenant\":\"havn\"}")
                        .status())
                .isEqualTo(400);
        var own = service.post("nord-admin", "/breaches", "{\"title\":\"Lost key\"}");
        assertThat(own.body().path("tenant").asString()).isEqualTo("nord");
    }

    @Test
    void facts_that_are_wrong_are_refused_with_their_place() throws Exception {
        var bad = service.post("dpo", "/breaches/assessments", "{\"kinds\":[\"C\"],\"malicious\":\"maybe\"}");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.code()).isEqualTo("invalid-request");
        assertThat(bad.body().path("errors").get(0).path("pointer").asString()).isEqualTo("/malicious");
        assertThat(bad.raw().headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(service.post("dpo", "/breaches/assessments", "{}")
                        .body()
                        .path("errors")
                        .get(0)
                        .path("pointer")
                        .asString())
                .isEqualTo("/kinds");
        var id = reported(null);
        var etag = service.get("dpo", "/breaches/" + id).etag();
        assertThat(patch("dpo", id, etag, "{\"kinds\":[\"Q\"]}").status()).isEqualTo(400);
        assertThat(service.post("dpo", "/breaches/" + id + "/decision", "{\"notifyAuthority\":true}")
                        .status())
                .isEqualTo(400);
        assertThat(service.get("dpo", "/breaches?cursor=made-up").code()).isEqualTo("invalid-cursor");
        assertThat(service.get("dpo", "/breaches?state=ajar").status()).isEqualTo(400);
    }

    @Test
    void a_text_that_the_database_cannot_hold_is_refused_with_its_place() throws Exception {
        var id = reported(null);
        var one = "/breaches/" + id;
        refused(service.post("dpo", "/breaches", "{\"title\":\"a\\u0000\"}"), "/title");
        refused(service.post("dpo", "/breaches", "{\"facts\":{\"summary\":\"a\\u0000\"}}"), "/facts/summary");
        refused(patch("dpo", id, service.get("dpo", one).etag(), "{\"dataFields\":[\"a\\u0000\"]}"), "/dataFields");
        refused(
                service.post(
                        "dpo",
                        one + "/decision",
                        "{\"notifyAuthority\":true,\"notifySubjects\":false,\"reason\":\"a\\ud800\"}"),
                "/reason");
        refused(
                service.post("dpo", one + "/closure", "{\"effects\":\"a\\u0000\",\"remedialAction\":\"b\"}"),
                "/effects");
        refused(
                service.post(
                        "dpo",
                        one + "/notices",
                        "{\"audience\":\"authority\",\"text\":{\"da\":\"a\\u0000\",\"en\":\"b\"}}"),
                "/text/da");
        refused(
                service.post("dpo", one + "/notices", "{\"audience\":\"authority\",\"text\":{\"da\":\"a\"}}"),
                "/text/en");
        assertThat(service.post("dpo", "/breaches", "{\"title\":\"\\ud83d\\ude00 æøå\\nsecond line\"}")
                        .status())
                .isEqualTo(201);
    }

    private static void refused(Answer answer, String pointer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").get(0).path("pointer").asString())
                .isEqualTo(pointer);
    }

    @Test
    void facts_are_assessed_and_nothing_is_kept() throws Exception {
        var answer = service.post(
                "auditor",
                "/breaches/assessments",
                "{\"kinds\":[\"C\"],\"exposure\":\"public\",\"credentials\":\"clear\",\"dataClasses\":[\"simple\"]}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().path("notifySubjects").asBoolean()).isTrue();
        assertThat(answer.body().path("rules").toString()).contains("H5").contains("\"da\"");
        assertThat(answer.body().path("enisa").path("score").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(answer.body().path("enisa").path("band").asString()).isEqualTo("low");
    }

    @Test
    void what_a_reporter_writes_does_not_leave_by_mail_or_topic() throws Exception {
        var secret = "Jens Hansen " + UUID.randomUUID();
        var report = service.post(
                "dpo",
                "/breaches",
                "{\"title\":\"%s\",\"facts\":{\"kinds\":[\"C\"],\"summary\":\"%s\"}}".formatted(secret, secret));
        assertThat(report.body().path("state").asString()).isEqualTo("assessed");
        var id = report.body().path("id").asString();
        var mail = mailAbout(id);
        assertThat(mail.subject() + mail.text()).contains("Reported incident").doesNotContain(secret);
        service.post("dpo", "/breaches/" + id + "/decision", decision(false, false));
        heard(id, IncidentDecided.class);
        assertThat(PROBE.all(Topic.BREACH_INCIDENTS))
                .filteredOn(heard -> id.equals(heard.key()))
                .hasSizeGreaterThan(2)
                .allSatisfy(heard -> assertThat(heard.value()).doesNotContain(secret));
    }

    @Test
    void a_change_of_facts_names_the_version_it_was_made_on() throws Exception {
        var id = reported(null);
        var path = "/breaches/" + id + "/facts";
        assertThat(service.call("PATCH", "dpo", path, "{\"kinds\":[\"C\"]}").status())
                .isEqualTo(428);
        assertThat(patch("dpo", id, "\"77\"", "{\"kinds\":[\"C\"]}").status()).isEqualTo(412);
        var etag = service.get("dpo", "/breaches/" + id).etag();
        var changed = patch("dpo", id, etag, "{\"kinds\":[\"C\"],\"summary\":\"x\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.etag()).isNotEqualTo(etag);
        assertThat(patch("dpo", id, changed.etag(), "{\"summary\":null}")
                        .body()
                        .path("facts")
                        .has("summary"))
                .isFalse();
    }

    @Test
    void new_facts_that_ask_for_more_take_the_decision_back() throws Exception {
        var id = reported(null);
        service.post("dpo", "/breaches/" + id + "/decision", decision(true, false));
        var etag = service.get("dpo", "/breaches/" + id).etag();
        var milder = patch("dpo", id, etag, "{\"kinds\":[\"C\"],\"exposure\":\"known-few\"}");
        assertThat(milder.body().path("decision").isMissingNode()).isFalse();
        var graver = patch("dpo", id, milder.etag(), "{\"exposure\":\"public\",\"credentials\":\"clear\"}");
        assertThat(graver.body().path("state").asString()).isEqualTo("assessed");
        assertThat(graver.body().path("decision").isMissingNode()).isTrue();
        assertThat(kinds(id)).contains("decided");
    }

    @Test
    void a_late_notification_says_why() throws Exception {
        var aware = Instant.now().minus(Duration.ofHours(80));
        var report = service.post("dpo", "/breaches", "{\"title\":\"Late\",\"awareAt\":\"" + aware + "\"}");
        var id = report.body().path("id").asString();
        service.post("dpo", "/breaches/" + id + "/notices", "{\"audience\":\"authority\"}");
        var proof = "\"sentAt\":\"" + Instant.now() + "\",\"channel\":\"virk.dk\",\"reference\":\"1\"";
        var path = "/breaches/" + id + "/notices/1/receipt";
        assertThat(service.post("dpo", path, "{" + proof + "}").code()).isEqualTo("delay-reason-required");
        assertThat(service.post("dpo", path, "{" + proof + ",\"reasonForDelay\":\"Holiday.\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void the_same_key_opens_once_and_decides_once() throws Exception {
        var key = UUID.randomUUID().toString();
        var body = "{\"title\":\"Twice\",\"tenant\":\"nord\"}";
        var first = service.post("dpo", "/breaches", body, "Idempotency-Key", key);
        var again = service.post("dpo", "/breaches", body, "Idempotency-Key", key);
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.body().path("id")).isEqualTo(first.body().path("id"));
        assertThat(service.post("dpo", "/breaches", "{\"title\":\"Other\"}", "Idempotency-Key", key)
                        .code())
                .isEqualTo("idempotency-key-reused");

        var id = first.body().path("id").asString();
        var decide = UUID.randomUUID().toString();
        for (int i = 0; i < 2; i++) {
            assertThat(service.post(
                                    "dpo",
                                    "/breaches/" + id + "/decision",
                                    decision(true, false),
                                    "Idempotency-Key",
                                    decide)
                            .status())
                    .isEqualTo(201);
        }
        assertThat(kinds(id).stream().filter("decided"::equals)).hasSize(1);
    }

    @Test
    void the_register_holds_every_case_and_its_file_carries_nothing_out() throws Exception {
        var report = service.post("dpo", "/breaches", "{\"title\":\"=1+1\"}");
        var id = report.body().path("id").asString();
        service.post("dpo", "/breaches/" + id + "/decision", decision(false, false));
        close("dpo", id);
        var entry = StreamSupport.stream(
                        service.get("auditor", "/breaches/register?limit=500")
                                .body()
                                .path("items")
                                .spliterator(),
                        false)
                .filter(each -> each.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(entry.path("effects").asString()).isEqualTo("None.");
        assertThat(entry.path("decision").path("reason").asString()).isNotBlank();
        assertThat(entry.path("advice").path("notifyAuthority").asBoolean()).isTrue();

        var file = service.call("GET", "auditor", "/breaches/register", null, "Accept", "text/csv");
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.raw().body()).startsWith("\"id\",\"title\"").contains("\"" + id + "\",\"'=1+1\"");
    }

    @Test
    void the_list_goes_on_where_it_stopped() throws Exception {
        var wanted = List.of(reported("nord"), reported("nord"), reported("nord"));
        var seen = new TreeSet<String>();
        var path = "/breaches?limit=2";
        while (true) {
            var page = service.get("dpo", path).body();
            page.path("items")
                    .forEach(item ->
                            assertThat(seen.add(item.path("id").asString())).isTrue());
            if (page.path("next").isMissingNode()) {
                break;
            }
            path = "/breaches?limit=2&cursor=" + page.path("next").asString();
        }
        assertThat(seen).containsAll(wanted);
    }

    @Test
    void the_list_can_be_asked_for_several_states() throws Exception {
        var id = reported("nord");

        assertThat(ids("state=open,assessed&limit=500")).contains(id);
        assertThat(ids("state=assessed&state=open&limit=500")).contains(id);
        assertThat(ids("state=notified,closed&limit=500")).doesNotContain(id);
        assertThat(service.get("dpo", "/breaches?state=open,ajar").status()).isEqualTo(400);
    }

    private List<String> ids(String query) throws Exception {
        return service.get("dpo", "/breaches?" + query).body().path("items").findValuesAsString("id");
    }

    private static Finding finding(String kind, @Nullable String tenant, String resource, Instant detected) {
        return new Finding(
                kind + "-" + UUID.randomUUID(),
                kind,
                Finding.Severity.HIGH,
                tenant == null ? null : new TenantId(tenant),
                detected,
                null,
                resource,
                Map.of("role", "tenant_data_migrator", "rows", "1"));
    }

    private static void say(Finding finding) {
        var tenant = finding.tenant() == null ? null : finding.tenant().value();
        PROBE.say(Topic.AUDIT_FINDINGS, tenant, tenant == null ? "platform" : tenant, finding);
    }

    private String reported(@Nullable String tenant) throws Exception {
        var body = tenant == null
                ? "{\"title\":\"Lost phone\"}"
                : "{\"title\":\"Lost phone\",\"tenant\":\"" + tenant + "\"}";
        return service.post("dpo", "/breaches", body).body().path("id").asString();
    }

    private JsonNode caseOn(String login, String resource) {
        return service.caseThat(
                login, each -> each.path("resource").asString("").equals(resource));
    }

    private List<JsonNode> allOn(String resource) throws Exception {
        return StreamSupport.stream(
                        service.get("dpo", "/breaches?limit=500")
                                .body()
                                .path("items")
                                .spliterator(),
                        false)
                .filter(each -> each.path("resource").asString("").equals(resource))
                .toList();
    }

    private List<String> kinds(String id) throws Exception {
        return StreamSupport.stream(
                        service.get("dpo", "/breaches/" + id + "/timeline?limit=500")
                                .body()
                                .path("items")
                                .spliterator(),
                        false)
                .map(each -> each.path("kind").asString())
                .toList();
    }

    private Answer patch(String login, String id, String etag, String body) throws Exception {
        return service.call("PATCH", login, "/breaches/" + id + "/facts", body, "If-Match", etag);
    }

    private Answer close(String login, String id) throws Exception {
        return service.post(
                login, "/breaches/" + id + "/closure", "{\"effects\":\"None.\",\"remedialAction\":\"Role removed.\"}");
    }

    private static String decision(boolean authority, boolean subjects) {
        return "{\"notifyAuthority\":%s,\"notifySubjects\":%s,\"reason\":\"The integrity was broken.\"}"
                .formatted(authority, subjects);
    }

    private static <T extends Event> T heard(String id, Class<T> type) {
        return PROBE.await(
                        Topic.BREACH_INCIDENTS,
                        heard -> id.equals(heard.key()) && heard.type().equals(EventType.nameOf(type)))
                .as(type);
    }

    private static MailSink.Mail mailAbout(String resource) {
        return Eventually.until("a mail", () -> mailsAbout(resource), mails -> !mails.isEmpty())
                .getFirst();
    }

    private static List<MailSink.Mail> mailsAbout(String resource) {
        return Rig.mail().mails().stream()
                .filter(mail -> mail.text().contains(resource))
                .toList();
    }

    private static Instant instant(JsonNode node, String field) {
        return Instant.parse(node.path(field).asString());
    }
}
