package dk.elleve.kit.messaging;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.contracts.identity.TenantEvent.TenantChanged;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;

/// Takes an incident or does not, as it is told; keeps a row for each time its work ran. A second
/// run for the same event would show as a second row.
final class StubbornListener {

    static final String PREFIX = "replay-";

    /// Why an incident cannot be handled; none where it can.
    static volatile Function<String, @Nullable RuntimeException> refusal = incident -> null;

    private final Transactions transactions;
    private final Inbox inbox;
    private final JdbcClient jdbc;

    StubbornListener(Transactions transactions, Inbox inbox, JdbcClient jdbc) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.jdbc = jdbc;
    }

    @KafkaListener(
            topics = {"breach.incidents.v1", "identity.tenants.v1"},
            groupId = "replay-test")
    void on(Received received) {
        var said = said(received.event());
        if (!said.startsWith(PREFIX)) {
            return;
        }
        var refused = refusal.apply(said);
        if (refused != null) {
            throw refused;
        }
        transactions.run(
                Scope.platform(),
                Actor.system("test/replay"),
                () -> inbox.once(
                        "test/replay",
                        received.id(),
                        () -> jdbc.sql("INSERT INTO data.heard VALUES (?, ?)")
                                .params(UUID.randomUUID().toString(), said)
                                .update()));
    }

    private static String said(Event event) {
        return switch (event) {
            case IncidentOpened opened -> opened.incident();
            case TenantChanged changed -> changed.name();
            default -> "";
        };
    }

    /// Without an annotation: other tests find their configuration by looking for one.
    static class Hearing {

        @Bean
        StubbornListener stubbornListener(Transactions transactions, Inbox inbox, JdbcClient jdbc) {
            return new StubbornListener(transactions, inbox, jdbc);
        }
    }
}
