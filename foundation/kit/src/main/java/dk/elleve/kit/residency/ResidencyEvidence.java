package dk.elleve.kit.residency;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.KitProperties;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/// Says where this service's endpoints lie: when it is ready, and every hour after. On one machine (`local`) there is
/// nothing that would prove the claim, so nothing is said.
final class ResidencyEvidence {

    private final Residency residency;
    private final KitProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    ResidencyEvidence(
            Residency residency, KitProperties properties, Transactions transactions, Outbox outbox, Clock clock) {
        this.residency = residency;
        this.properties = properties;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    @EventListener(ApplicationReadyEvent.class)
    @Scheduled(cron = "0 7 * * * *")
    void say() {
        if (residency.regions().containsValue(Residency.LOCAL)) {
            return;
        }
        var claim = "residency." + properties.service();
        transactions.run(
                Scope.platform(),
                Actor.system(properties.service() + "/residency"),
                () -> outbox.add(
                        Topic.named(properties.owner() + ".evidence.v1"),
                        claim,
                        null,
                        new Evidence(Ids.nextText(), claim, true, clock.instant(), residency.regions())));
    }
}
