package dk.elleve.audit.change;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.backup.BackupEvent.BackupCompleted;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChangeStoryTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ZoneId COPENHAGEN = ZoneId.of("Europe/Copenhagen");
    private static final String DEPLOYER =
            Tokens.user("elleve-deploy").roles("deployer").bearer();

    private static TopicProbe topics;

    private final Instant night = CLOCK.instant()
            .atZone(COPENHAGEN)
            .toLocalDate()
            .minusDays(1)
            .atTime(1, 30)
            .atZone(COPENHAGEN)
            .toInstant();

    @BeforeAll
    static void listen() {
        topics = TopicProbe.rig();
    }

    @AfterAll
    static void close() {
        topics.close();
    }

    @Test
    void an_update_is_in_register_and_log_and_decides_the_fourth_answer() throws Exception {
        var backup = backup(night.minusSeconds(600));
        var begun = begin(night, backup, UUID.randomUUID().toString());
        assertThat(begun.status()).isEqualTo(201);
        assertThat(begun.json().path("state").asString()).isEqualTo("under-way");
        assertThat(begun.json().path("by").path("kind").asString()).isEqualTo("staff");
        var id = begun.json().path("id").asString();

        var ended = post(
                DEPLOYER,
                "/changes/" + id + "/outcome",
                "{\"outcome\": \"rolled-back\", \"reason\": \"unhealthy\", \"ended\": \"" + night.plusSeconds(900)
                        + "\"}",
                null);

        assertThat(ended.status()).isEqualTo(200);
        var shown = get("dpo", "/changes/" + id).json();
        assertThat(shown.path("state").asString()).isEqualTo("rolled-back");
        assertThat(shown.path("from").asString()).isEqualTo("1.4.0");
        assertThat(shown.path("to").asString()).isEqualTo("1.5.0");
        assertThat(shown.path("reason").asString()).isEqualTo("unhealthy");
        assertThat(shown.path("backup").asString()).isEqualTo(backup);
        assertThat(shown.path("window").path("from").asString())
                .isEqualTo(night.minusSeconds(1800).toString());
        var entries = until(
                "both steps in the log",
                SOON,
                () -> get("auditor", "/audit/entries?kind=change&resource=change/platform/" + id)
                        .items(),
                found -> found.size() == 2);
        assertThat(entries.get(0).path("after").path("outcome").asString()).isEqualTo("rolled-back");
        assertThat(entries.get(1).path("after").path("backup").asString()).isEqualTo(backup);
        assertThat(entries.get(1).path("flags").toString()).contains("staff");
        eventually(
                "the claim is proven",
                SOON,
                () -> assertThat(claim().path("state").asString()).isEqualTo("proven"));

        var noon = night.plus(Duration.ofHours(11));
        var byDay = begin(noon, backup, null).json().path("id").asString();
        post(DEPLOYER, "/changes/" + byDay + "/outcome", "{\"outcome\":\"done\",\"ended\":\"" + noon + "\"}", null);

        eventually(
                "the claim is broken",
                SOON,
                () -> assertThat(claim().path("state").asString()).isEqualTo("broken"));
        assertThat(claim().path("evidence")
                        .path("facts")
                        .path("outsideQuietHours")
                        .asString())
                .isEqualTo("1");
    }

    @Test
    void the_same_key_begins_one_change_and_the_first_end_stands() throws Exception {
        var backup = backup(night.minusSeconds(700));
        var key = UUID.randomUUID().toString();
        var first = begin(night, backup, key);

        assertThat(begin(night, backup, key).json()).isEqualTo(first.json());
        assertThat(begin(night.plusSeconds(1), backup, key).status()).isEqualTo(409);
        var outcome = "/changes/" + first.json().path("id").asString() + "/outcome";
        var done = "{\"outcome\":\"done\",\"ended\":\"" + night.plusSeconds(60) + "\"}";
        assertThat(post(DEPLOYER, outcome, done, key).status()).isEqualTo(409);
        assertThat(post(DEPLOYER, outcome, done, key + "-end").status()).isEqualTo(200);
        assertThat(post(DEPLOYER, outcome, done, key + "-end").status()).isEqualTo(200);
        var again = post(DEPLOYER, outcome, "{\"outcome\":\"failed\"}", null);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("code").asString()).isEqualTo("change-ended");
    }

    @Test
    void the_list_goes_on_where_it_stopped_the_newest_first() throws Exception {
        var backup = backup(night.minusSeconds(800));
        for (int i = 0; i < 5; i++) {
            var id = begin(night.plusSeconds(i), backup, null).json().path("id").asString();
            post(
                    DEPLOYER,
                    "/changes/" + id + "/outcome",
                    "{\"outcome\":\"done\",\"ended\":\"" + night.plusSeconds(60) + "\"}",
                    null);
        }

        var seen = new ArrayList<Instant>();
        var page = get("administrator", "/changes?limit=2").json();
        while (true) {
            page.path("items")
                    .forEach(each -> seen.add(Instant.parse(each.path("begun").asString())));
            if (!page.has("next")) {
                break;
            }
            page = get(
                            "administrator",
                            "/changes?limit=2&cursor=" + page.path("next").asString())
                    .json();
        }

        assertThat(seen).hasSizeGreaterThanOrEqualTo(5).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(get("administrator", "/changes?cursor=made-up").status()).isEqualTo(400);
    }

    @Test
    void only_administrator_and_deployer_write_and_tenants_see_nothing() throws Exception {
        var body = "{\"what\":\"platform\",\"to\":\"2\"}";

        assertThat(post(null, "/changes", body, null).status()).isEqualTo(401);
        for (var login : new String[] {"auditor", "dpo", "technical-manager", "support", "nord-admin"}) {
            assertThat(post(Tokens.demo(login).bearer(), "/changes", body, null).status())
                    .as(login)
                    .isEqualTo(403);
        }
        for (var login : new String[] {"technical-manager", "support", "nord-admin", "nord-user"}) {
            assertThat(get(login, "/changes").status()).as(login).isEqualTo(403);
        }
        assertThat(get(null, "/changes").status()).isEqualTo(401);
        assertThat(get("auditor", "/changes").status()).isEqualTo(200);
    }

    @Test
    void sentences_names_and_impossible_times_are_refused() throws Exception {
        for (var wrong : new String[] {
            "{\"to\":\"2\"}",
            "{\"what\":\"platform\"}",
            "{\"what\":\"Mette Hansen did it\",\"to\":\"2\"}",
            "{\"what\":\"platform\",\"to\":\"mette@example.dk\"}",
            "{\"what\":\"platform\",\"to\":\"2\",\"begun\":\"2999-01-01T00:00:00Z\"}",
            "{\"what\":\"platform\",\"to\":\"2\",\"window\":{\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"}}"
        }) {
            var refused = post(DEPLOYER, "/changes", wrong, null);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.text()).doesNotContain("Mette", "mette");
        }
        assertThat(post(DEPLOYER, "/changes/" + UUID.randomUUID() + "/outcome", "{\"outcome\":\"done\"}", null)
                        .status())
                .isEqualTo(404);
        assertThat(get("auditor", "/changes/nonsense").status()).isEqualTo(404);
    }

    private JsonNode claim() throws IOException, InterruptedException {
        return get(null, "/answers/4").json().path("claims").get(0);
    }

    private static String backup(Instant completedAt) {
        var id = "full-" + UUID.randomUUID();
        topics.say(
                Topic.BACKUP_RUNS,
                null,
                "7",
                new BackupCompleted("7", id, "full", completedAt.minusSeconds(60), completedAt, 1, 1));
        return id;
    }

    private Answer begin(Instant at, String backup, @Nullable String key) throws IOException, InterruptedException {
        return post(
                DEPLOYER,
                "/changes",
                """
                {"what": "platform", "from": "1.4.0", "to": "1.5.0", "begun": "%s", "backup": "%s",
                 "window": {"from": "%s", "to": "%s"}}
                """.formatted(at, backup, night.minusSeconds(1800), night.plusSeconds(7200)),
                key);
    }
}
