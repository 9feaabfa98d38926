package dk.elleve.kit.outbox;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.HaltingLines;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;

/// A process that writes changes with their news, relays the news and hears it again is killed without warning,
/// again and again. However the kills fall between its lines: every change has its news, no news is without its
/// change, and each piece of news was acted on exactly once.
class OutboxKillTest {

    private static final int KILLS = 3;

    @Test
    void a_killed_process_loses_no_news_makes_none_up_and_acts_on_each_once() throws Exception {
        var file = settings("outbox-kill.properties");
        var random = new Random(11);
        try (var database = Rig.postgres().superuser("breach").getConnection()) {
            for (int i = 0; i < KILLS; i++) {
                long before = rows(database);
                var child = child(file);
                try {
                    eventually(
                            "the child works",
                            Duration.ofSeconds(90),
                            () -> assertThat(rows(database)).isGreaterThan(before));
                    // Not a wait for anything: where in its work the child dies is meant to be random.
                    child.waitFor(200 + random.nextInt(1500), TimeUnit.MILLISECONDS);
                } finally {
                    child.destroyForcibly().waitFor();
                }
                buryDeadMembers();
            }
            var last = child(file, "rest");
            try (var probe = TopicProbe.rig()) {
                eventually("all news is heard", Duration.ofSeconds(90), () -> {
                    var written = ids(database, "SELECT id FROM data.thing WHERE tenant_id = 'kills'");
                    assertThat(written).hasSizeGreaterThan(KILLS);
                    assertThat(ids(database, "SELECT incident FROM data.heard WHERE incident LIKE 'kill-%'"))
                            .isEqualTo(written);
                    var said = new HashSet<String>();
                    probe.all(Topic.BREACH_INCIDENTS).forEach(heard -> {
                        var incident = heard.body().path("incident").asString();
                        if (incident.startsWith("kill-")) {
                            said.add(incident);
                        }
                    });
                    assertThat(said).isEqualTo(written);
                });
            } finally {
                last.destroyForcibly().waitFor();
                buryDeadMembers();
            }
            assertThat(ids(database, "SELECT incident FROM data.heard GROUP BY incident HAVING count(*) > 1"))
                    .isEmpty();
        }
    }

    /// Every line once, each followed by a life that begins with what the one before left.
    @Test
    void a_process_may_end_between_any_two_lines_from_the_change_to_the_kept_offset() throws Exception {
        var file = settings("outbox-halt.properties");
        var run = UUID.randomUUID().toString().substring(0, 8) + "-";
        for (int i = 0; i < HaltChild.LINES.length; i++) {
            var child = process(HaltChild.class, file, HaltChild.LINES[i], run + i);
            try {
                assertThat(child.waitFor(120, TimeUnit.SECONDS))
                        .as("the process reaches \"%s\"", HaltChild.LINES[i])
                        .isTrue();
                assertThat(child.exitValue())
                        .as("the process ends %s", HaltChild.LINES[i])
                        .isEqualTo(HaltingLines.HALTED);
            } finally {
                child.destroyForcibly().waitFor();
            }
            buryDeadMembers();
        }
        var last = child(file, "rest");
        try (var database = Rig.postgres().superuser("breach").getConnection()) {
            var written = ids(
                    database, "SELECT id FROM data.thing WHERE tenant_id = 'halts' AND id LIKE 'halt-" + run + "%'");
            assertThat(written)
                    .as("all but those that died before their commit")
                    .hasSize(HaltChild.LINES.length - 2);
            var heard = "SELECT incident FROM data.heard WHERE incident LIKE 'halt-" + run + "%'";
            eventually(
                    "all news is acted on",
                    Duration.ofSeconds(90),
                    () -> assertThat(ids(database, heard)).isEqualTo(written));
            assertThat(ids(database, heard + " GROUP BY incident HAVING count(*) > 1"))
                    .isEmpty();
        } finally {
            last.destroyForcibly().waitFor();
        }
    }

    /// A member that died while its group was being put together can hold the group up for minutes; the broker is told
    /// of the death at once, so that the next life hears without that wait. Offsets stay.
    private static void buryDeadMembers() throws Exception {
        try (var admin = Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Rig.kafka().bootstrapServers()))) {
            var group = List.of(OutboxKillChild.GROUP);
            var members = admin.describeConsumerGroups(group).all().get().values().stream()
                    .mapToInt(each -> each.members().size())
                    .sum();
            if (members > 0) {
                admin.removeMembersFromConsumerGroup(OutboxKillChild.GROUP, new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
    }

    private static Path settings(String name) throws IOException {
        var settings = new Properties();
        settings.putAll(ServiceRig.of("breach").values());
        // The broker waits this long for a member that died before the next life hears anything ...
        settings.setProperty("spring.kafka.consumer.properties.session.timeout.ms", "6000");
        settings.setProperty("spring.kafka.consumer.properties.heartbeat.interval.ms", "1500");
        // ... and this long for one that died while its group was being put together.
        settings.setProperty("spring.kafka.consumer.properties.max.poll.interval.ms", "8000");
        // Who is in the group when, for the day this test fails.
        settings.setProperty("logging.level.org.apache.kafka.clients.consumer.internals", "info");
        var file = Path.of("target/rig", name);
        Files.createDirectories(file.getParent());
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file;
    }

    private static Process child(Path settings, String... more) throws IOException {
        return process(OutboxKillChild.class, settings, more);
    }

    private static Process process(Class<?> main, Path settings, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(settings.toString()));
        arguments.addAll(List.of(more));
        var command = ChildJvm.command(256, main, arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target/rig/outbox-kill.log").toFile()))
                .start();
    }

    private static long rows(Connection database) throws SQLException {
        return ids(database, "SELECT id FROM data.thing WHERE tenant_id = 'kills'")
                .size();
    }

    private static Set<String> ids(Connection database, String query) throws SQLException {
        var ids = new TreeSet<String>();
        try (var sql = database.createStatement();
                var exists = sql.executeQuery("SELECT to_regclass('data.thing') IS NOT NULL")) {
            exists.next();
            if (!exists.getBoolean(1)) {
                return ids;
            }
        }
        try (var sql = database.createStatement();
                var rows = sql.executeQuery(query)) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
