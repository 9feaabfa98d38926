package dk.elleve.tenantdata.tenant;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tenantdata.keyring.Keys;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Opens tenants here, whichever of their events is heard first: the topic keeps only the newest of each.
@Component
class TenantLife {

    private static final Logger log = LoggerFactory.getLogger(TenantLife.class);
    private static final Actor ACTOR = Actor.system("tenant-data/tenants");

    private final TenantStore store;
    private final Keys keys;
    private final Transactions transactions;
    private final Inbox inbox;
    private final Clock clock;

    TenantLife(TenantStore store, Keys keys, Transactions transactions, Inbox inbox, Clock clock) {
        this.store = store;
        this.keys = keys;
        this.transactions = transactions;
        this.inbox = inbox;
        this.clock = clock;
    }

    void open(String eventId, TenantId tenant, String name, Instant openedAt, @Nullable Instant closesAt) {
        var scope = Scope.of(tenant);
        var before = transactions.read(scope, () -> store.find(tenant));
        if (before.isPresent() && before.get().state() == TenantState.CLOSED) {
            return;
        }
        // The key comes before the row that says the tenant is ready. A crash here leaves a key that nobody uses yet,
        // and the event comes again.
        var keyId = keys.create(tenant);
        transactions.run(scope, ACTOR, () -> {
            inbox.once("tenant-data/tenants", eventId, () -> {
                var state = closesAt == null ? "open" : "closing";
                if (store.put(tenant, name, state, keyId, openedAt, closesAt, clock.instant())) {
                    log.info("Tenant {} is {}", tenant, state);
                }
            });
            // Closed by another instance since we looked, perhaps with this event seen before: no key may outlive that.
            if (store.hold(tenant)
                    .filter(kept -> kept.state() == TenantState.CLOSED)
                    .isPresent()) {
                keys.destroy(tenant);
            }
        });
    }
}
