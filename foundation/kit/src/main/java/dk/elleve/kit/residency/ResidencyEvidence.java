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
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/// Says where this service's endpoints lie: when it is ready, and every hour after; every minute where
/// somebody looks again and again. On one machine (`local`) there is nothing that would prove the
/// claim, so nothing is said.
final class ResidencyEvidence {

    private static final Logger LOG = LoggerFactory.getLogger(ResidencyEvidence.class);

    private final Residency residency;
    private final List<ResidencyCheck> checks;
    private final KitProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    ResidencyEvidence(
            Residency residency,
            List<ResidencyCheck> checks,
            KitProperties properties,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.residency = residency;
        this.checks = List.copyOf(checks);
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
        var facts = new TreeMap<>(residency.regions());
        var objections = new ArrayList<String>();
        for (var check : checks) {
            try {
                check.objection().ifPresent(objections::add);
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("Where an endpoint lies could not be looked at; nothing is said of it");
                return;
            }
            facts.putAll(check.facts());
        }
        if (!objections.isEmpty()) {
            facts.put("objection", String.join("; ", objections));
        }
        var claim = "residency." + properties.service();
        transactions.run(
                Scope.platform(),
                Actor.system(properties.service() + "/residency"),
                () -> outbox.add(
                        Topic.named(properties.owner() + ".evidence.v1"),
                        claim,
                        null,
                        new Evidence(Ids.nextText(), claim, objections.isEmpty(), clock.instant(), facts)));
    }

    @Scheduled(cron = "37 * * * * *")
    void sayWhatIsLookedAt() {
        if (!checks.isEmpty()) {
            say();
        }
    }
}
