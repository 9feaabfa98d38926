package dk.elleve.kit.outbox;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.kit.KitApp;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;

/// The process that [OutboxKillTest] kills.
final class OutboxKillChild {

    private OutboxKillChild() {}

    static final String GROUP = "kill-test";
    static final TenantId KILLS = new TenantId("kills");

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        var context = new SpringApplicationBuilder(KitApp.class, Hearing.class)
                .properties(settings)
                .run();
        if (arguments.length > 1) {
            return;
        }
        var transactions = context.getBean(Transactions.class);
        var outbox = context.getBean(Outbox.class);
        var jdbc = context.getBean(JdbcClient.class);
        var clock = context.getBean(Clock.class);
        while (true) {
            var id = "kill-" + UUID.randomUUID();
            transactions.run(Scope.of(KILLS), Actor.system("test/kills"), () -> {
                jdbc.sql("INSERT INTO data.thing VALUES ('kills', ?, 'x')")
                        .param(id)
                        .update();
                outbox.add(
                        Topic.BREACH_INCIDENTS,
                        id,
                        KILLS,
                        new IncidentOpened(id, "test", "low", KILLS, clock.instant()));
            });
        }
    }

    /// Without an annotation: other tests of this package find their configuration by looking for one.
    static class Hearing {

        @Bean
        KillListener killListener(Transactions transactions, Inbox inbox, JdbcClient jdbc) {
            return new KillListener(transactions, inbox, jdbc);
        }
    }

    static class KillListener {

        private final Transactions transactions;
        private final Inbox inbox;
        private final JdbcClient jdbc;

        KillListener(Transactions transactions, Inbox inbox, JdbcClient jdbc) {
            this.transactions = transactions;
            this.inbox = inbox;
            this.jdbc = jdbc;
        }

        /// Keeps a row for each time the work runs: a second run for the same event would show as a second row.
        @KafkaListener(topics = "breach.incidents.v1", groupId = GROUP)
        void on(Received received) {
            if (received.event() instanceof IncidentOpened opened
                    && (opened.incident().startsWith("kill-")
                            || opened.incident().startsWith(HaltChild.PREFIX))) {
                transactions.run(
                        Scope.platform(),
                        Actor.system("test/hearing"),
                        () -> inbox.once(
                                "test/hearing",
                                received.id(),
                                () -> jdbc.sql("INSERT INTO data.heard VALUES (?, ?)")
                                        .params(UUID.randomUUID().toString(), opened.incident())
                                        .update()));
            }
        }
    }
}
