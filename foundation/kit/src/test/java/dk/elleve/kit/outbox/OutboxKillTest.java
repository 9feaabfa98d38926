package dk.elleve.kit.outbox;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A process that writes changes with their news, relays the news and hears it again is killed without warning, again
/// and
/// again. However the kills fall between its lines: every change has its news, no news is without its change, and each
/// piece
/// of news was acted on exactly once.
class OutboxKillTest {

    private static final int KILLS = 5;

    @Test
    void a_killed_process_loses_no_news_makes_none_up_and_acts_on_each_once() throws Exception {
        var settings = new Properties();
        settings.putAll(ServiceRig.of("breach").values());
        var file = Path.of("target/rig/outbox-kill.properties");
        Files.createDirectories(file.getParent());
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
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
            }
            assertThat(ids(database, "SELECT incident FROM data.heard GROUP BY incident HAVING count(*) > 1"))
                    .isEmpty();
        }
    }

    private static Process child(Path settings, String... more) throws IOException {
        var command = new java.util.ArrayList<>(java.util.List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OutboxKillChild.class.getName(),
                settings.toString()));
        command.addAll(java.util.List.of(more));
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
