package dk.elleve.kit.messaging;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.contracts.identity.TenantEvent.TenantChanged;
import dk.elleve.kit.HaltingLines;
import dk.elleve.kit.KitApp;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.ChildJvm;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A message that could not be handled waits, is seen, and is put before its listener again when
/// somebody asks.
class ReplayTest {

    private static final Topic TOPIC = Topic.BREACH_INCIDENTS;

    /// Not the one of the other tests: their service would replay what is asked for here.
    private static final String SERVICE = "identity";
    private static final Duration SOON = Duration.ofSeconds(40);

    private static ConfigurableApplicationContext service;
    private static TopicProbe probe;
    private static Connection database;

    private final String run =
            StubbornListener.PREFIX + UUID.randomUUID().toString().substring(0, 8) + "-";

    @BeforeAll
    static void start() throws SQLException {
        probe = TopicProbe.rig();
        probe.ensure(TOPIC);
        database = Rig.postgres().superuser(SERVICE).getConnection();
        service = new SpringApplicationBuilder(KitApp.class, StubbornListener.Hearing.class)
                .properties(ServiceRig.of(SERVICE).values().entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .run();
    }

    @AfterAll
    static void stop() throws SQLException {
        StubbornListener.refusal = incident -> null;
        service.close();
        database.close();
        probe.close();
    }

    @Test
    void a_version_nobody_knows_yet_waits_counted_and_a_replay_says_that_it_is_still_unknown() throws SQLException {
        var id = UUID.randomUUID().toString();
        probe.say(
                TOPIC.wireName(),
                id,
                Map.of(
                        "ce_id", id,
                        "ce_type", "dk.elleve.breach.incident-opened.v2",
                        "ce_source", "/breach",
                        "ce_specversion", "1.0",
                        "ce_time", "2026-11-24T12:00:00Z",
                        "ce_subject", id),
                "{\"incident\":\"" + id + "\"}");
        var one = "key = '" + id + "'";
        eventually("it is set aside", SOON, () -> assertThat(states(one)).containsExactly("waiting"));
        eventually(
                "it is counted",
                SOON,
                () -> assertThat(gauge("elleve.messages.aside")).isGreaterThanOrEqualTo(1));

        sql("UPDATE kit.set_aside SET reason = 'unheard' WHERE " + one);
        ask(one);

        eventually(
                "it waits again",
                SOON,
                () -> assertThat(texts("SELECT reason FROM kit.set_aside WHERE " + one))
                        .containsExactly(
                                "This build does not know the event type dk.elleve.breach.incident-opened.v2"));
        assertThat(states(one)).containsExactly("waiting");
    }

    @Test
    void what_was_set_aside_is_heard_once_and_in_its_order_and_a_second_replay_does_nothing() throws SQLException {
        StubbornListener.refusal = incident -> incident.startsWith(run) ? new UnreadableEvent("not yet") : null;
        for (int i = 0; i < 5; i++) {
            probe.say(TOPIC, null, run, opened(run + i));
        }
        var mine = "key = '" + run + "'";
        eventually("all are set aside", SOON, () -> assertThat(states(mine)).hasSize(5));
        StubbornListener.refusal = incident -> null;

        assertThat(ask(mine)).isEqualTo(5);

        eventually("all are replayed", SOON, () -> assertThat(states(mine)).containsOnly("replayed"));
        assertThat(heard(run)).containsExactly(run + 0, run + 1, run + 2, run + 3, run + 4);
        assertThat(ask(mine)).as("replayed ones are not asked for again").isZero();

        sql("UPDATE kit.set_aside SET state = 'asked' WHERE " + mine);
        eventually("even those that are", SOON, () -> assertThat(states(mine)).containsOnly("replayed"));
        assertThat(heard(run)).hasSize(5);
    }

    @Test
    void one_that_still_cannot_be_handled_holds_back_those_of_its_key_and_no_others() throws SQLException {
        StubbornListener.refusal = incident -> incident.startsWith(run) ? new UnreadableEvent("not yet") : null;
        for (var incident : List.of("a1", "a2", "b1")) {
            probe.say(TOPIC, null, run + incident.charAt(0), opened(run + incident));
            eventually(
                    "it is set aside",
                    SOON,
                    () -> assertThat(states("key LIKE '" + run + "%'"))
                            .hasSize(List.of("a1", "a2", "b1").indexOf(incident) + 1));
        }
        StubbornListener.refusal = incident -> incident.equals(run + "a1") ? new UnreadableEvent("never") : null;

        ask("key LIKE '" + run + "%'");

        eventually(
                "nothing is asked for",
                SOON,
                () -> assertThat(states("key LIKE '" + run + "%'")).containsExactly("waiting", "waiting", "replayed"));
        assertThat(heard(run)).containsExactly(run + "b1");
        assertThat(texts("SELECT reason FROM kit.set_aside WHERE key = '" + run + "a' ORDER BY id"))
                .first()
                .isEqualTo("never");
    }

    @Test
    void what_fails_for_another_reason_is_tried_some_times_and_then_waits_with_that_reason() throws SQLException {
        StubbornListener.refusal = incident -> incident.startsWith(run) ? new UnreadableEvent("not yet") : null;
        probe.say(TOPIC, null, run, opened(run + "x"));
        var mine = "key = '" + run + "'";
        eventually("it is set aside", SOON, () -> assertThat(states(mine)).containsExactly("waiting"));
        StubbornListener.refusal =
                incident -> incident.startsWith(run) ? new IllegalStateException("the vault is away") : null;

        ask(mine);

        eventually(
                "it waits again",
                SOON,
                () -> assertThat(texts("SELECT reason FROM kit.set_aside WHERE " + mine))
                        .containsExactly("IllegalStateException: the vault is away"));
        assertThat(states(mine)).containsExactly("waiting");
        assertThat(heard(run)).isEmpty();
    }

    @Test
    void a_message_is_kept_whole_also_what_this_build_does_not_know_of_it() throws SQLException {
        StubbornListener.refusal = incident -> incident.startsWith(run) ? new UnreadableEvent("not yet") : null;
        var body = "{\"incident\":\"" + run + "x\",\"kind\":\"test\",\"severity\":\"low\","
                + "\"awareAt\":\"2026-11-24T12:00:00Z\", \"saidByANewerVersion\": [1]}";
        probe.say(
                TOPIC.wireName(),
                run,
                Map.of(
                        "ce_id", run,
                        "ce_type", "dk.elleve.breach.incident-opened.v1",
                        "ce_source", "/breach",
                        "ce_specversion", "1.0",
                        "ce_time", "2026-11-24T12:00:00Z",
                        "ce_subject", run,
                        "odd", "two\nlines \\ and more"),
                body);

        eventually(
                "it is set aside",
                SOON,
                () -> assertThat(
                                texts("SELECT convert_from(body, 'UTF8') FROM kit.set_aside WHERE key = '" + run + "'"))
                        .containsExactly(body));
        var headers = HeaderLines.parse(texts("SELECT headers FROM kit.set_aside WHERE key = '" + run + "'")
                .getFirst());
        assertThat(headers.lastHeader("odd").value()).asString().isEqualTo("two\nlines \\ and more");
        assertThat(headers.toArray()).hasSize(7);
    }

    @Test
    void news_that_kafka_once_refused_is_sent_when_it_takes_it() throws SQLException {
        var envelopes = service.getBean(Envelopes.class);
        var now = Instant.parse("2026-11-24T12:00:00Z");
        var changed = new TenantChanged(new TenantId("nord"), run + "x", now, now);
        var event = envelopes.pack(Topic.IDENTITY_TENANTS, run, null, changed);
        service.getBean(SetAsideStore.class).keep(event, Long.MAX_VALUE, "RecordTooLargeException");

        ask("key = '" + run + "'");

        var heard = probe.await(Topic.IDENTITY_TENANTS, each -> run.equals(each.key()));
        assertThat(heard.id()).isEqualTo(event.id());
        eventually(
                "it is replayed",
                SOON,
                () -> assertThat(states("key = '" + run + "'")).containsExactly("replayed"));
        eventually("it is heard", SOON, () -> assertThat(heard(run)).containsExactly(run + "x"));
    }

    /// At each line one process dies; the next does what it left, and nothing twice.
    @Test
    void a_process_may_die_anywhere_in_a_replay() throws Exception {
        StubbornListener.refusal = incident -> incident.startsWith(run) ? new UnreadableEvent("not yet") : null;
        for (int i = 0; i < ReplayChild.LINES.length; i++) {
            probe.say(TOPIC, null, run, opened(run + i));
        }
        var mine = "key = '" + run + "'";
        eventually("all are set aside", SOON, () -> assertThat(states(mine)).hasSize(ReplayChild.LINES.length));
        service.close();
        var settings = new Properties();
        settings.putAll(ServiceRig.of(SERVICE).values());
        var file = Path.of("target/rig/replay-kill.properties");
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        ask(mine);

        for (var line : ReplayChild.LINES) {
            var child = child(file.toString(), line);
            try {
                assertThat(child.waitFor(120, TimeUnit.SECONDS))
                        .as("the process reaches \"%s\"", line)
                        .isTrue();
                assertThat(child.exitValue()).as("the process ends %s", line).isEqualTo(HaltingLines.HALTED);
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
        var last = child(file.toString());
        try {
            eventually(
                    "all are replayed",
                    Duration.ofSeconds(90),
                    () -> assertThat(states(mine))
                            .hasSize(ReplayChild.LINES.length)
                            .containsOnly("replayed"));
        } finally {
            last.destroyForcibly().waitFor();
            start();
        }
        assertThat(heard(run)).containsExactly(run + 0, run + 1, run + 2, run + 3, run + 4);
    }

    private static Process child(String... arguments) throws Exception {
        return new ProcessBuilder(ChildJvm.command(256, ReplayChild.class, List.of(arguments)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target/rig/replay-kill.log").toFile()))
                .start();
    }

    /// As `./elleve set-aside replay` asks.
    private static int ask(String which) throws SQLException {
        return sql("UPDATE kit.set_aside SET state = 'asked', tries = 0 WHERE state = 'waiting' AND " + which);
    }

    private static int sql(String statement) throws SQLException {
        try (var sql = database.createStatement()) {
            return sql.executeUpdate(statement);
        }
    }

    private static List<String> states(String which) throws SQLException {
        return texts("SELECT state FROM kit.set_aside WHERE " + which + " ORDER BY id");
    }

    /// What was heard, in the order in which it was.
    private static List<String> heard(String prefix) throws SQLException {
        return texts(
                "SELECT incident FROM data.heard WHERE incident LIKE '" + prefix + "%' ORDER BY xmin::text::bigint");
    }

    private static List<String> texts(String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (var sql = database.createStatement();
                var rows = sql.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static double gauge(String name) {
        return service.getBean(MeterRegistry.class).get(name).gauge().value();
    }

    private static IncidentOpened opened(String incident) {
        return new IncidentOpened(incident, "test", "low", null, Instant.parse("2026-11-24T12:00:00Z"));
    }
}
