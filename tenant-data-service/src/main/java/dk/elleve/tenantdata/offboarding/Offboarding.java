package dk.elleve.tenantdata.offboarding;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.tenantdata.ErasureEvent.TenantErased;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tenantdata.keyring.Keys;
import dk.elleve.tenantdata.tenant.TenantEraser;
import dk.elleve.tenantdata.tenant.Tenants;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

@Component
class Offboarding implements TenantEraser {

    private static final Logger log = LoggerFactory.getLogger(Offboarding.class);
    private static final Actor ACTOR = Actor.system("tenant-data/offboarding");

    private final Tenants tenants;
    private final Keys keys;
    private final OffboardingStore store;
    private final Transactions transactions;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Clock clock;

    Offboarding(
            Tenants tenants,
            Keys keys,
            OffboardingStore store,
            Transactions transactions,
            Inbox inbox,
            Outbox outbox,
            Clock clock) {
        this.tenants = tenants;
        this.keys = keys;
        this.store = store;
        this.transactions = transactions;
        this.inbox = inbox;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public void erase(TenantId tenant, String eventId) {
        transactions.run(
                Scope.of(tenant),
                ACTOR,
                () -> inbox.once(
                        "tenant-data/closings",
                        eventId,
                        () -> tenants.lockForClosing(tenant).ifPresent(closing -> erase(tenant, closing))));
    }

    private void erase(TenantId tenant, Tenants.Closing closing) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var records = store.erase(tenant);
        tenants.close(tenant, records, now);
        outbox.add(
                Topic.TENANTDATA_ERASURES,
                tenant.value(),
                tenant,
                new TenantErased(tenant, records, closing.keyId().orElse("none"), now));
        // Last, since it cannot be taken back. A crash between this and the commit leaves rows that nobody can read;
        // the event comes again, deletes them and says so.
        keys.destroy(tenant);
        log.info("Tenant {} is erased: {} records", tenant, records);
    }
}
