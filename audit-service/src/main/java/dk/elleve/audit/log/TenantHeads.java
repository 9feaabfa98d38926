package dk.elleve.audit.log;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Puts a leaf at the end of each tenant's chain once a day. Its number is the count of the tenant's entries until
/// then,
/// so that an export that reaches it lacks nothing of what came before. Whoever took entries away from the end of a
/// chain
/// would have to take the heads away, too, and each day without one is seen.
@Component
class TenantHeads {

    private static final int BATCH = 500;

    private final LogStore store;
    private final Journal journal;
    private final PayloadSeal seal;
    private final Transactions transactions;
    private final Clock clock;
    private @Nullable LocalDate done;

    TenantHeads(LogStore store, Journal journal, PayloadSeal seal, Transactions transactions, Clock clock) {
        this.store = store;
        this.journal = journal;
        this.seal = seal;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Two instances may do it at once: the day's head has one name, and the second is refused.
    @Scheduled(initialDelay = 60_000, fixedDelay = 60_000)
    void look() {
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (today.equals(done)) {
            return;
        }
        // Keys lie far away: they are looked for while no transaction holds a connection.
        var tenants = transactions.read(Scope.platform(), store::tenants).stream()
                .filter(seal::hasKey)
                .toList();
        try {
            for (int from = 0; from < tenants.size(); from += BATCH) {
                var some = tenants.subList(from, Math.min(from + BATCH, tenants.size()));
                transactions.run(Scope.platform(), Actor.system("audit/tenant-heads"), () -> add(some, now, today));
            }
        } catch (DuplicateKeyException other) {
            return; // what the other instance has not done is done in a minute
        }
        done = today;
    }

    private void add(List<TenantId> tenants, Instant now, LocalDate today) {
        var wanted = new LinkedHashMap<UUID, TenantId>();
        tenants.forEach(tenant -> wanted.put(name(tenant, today), tenant));
        wanted.keySet().removeAll(store.known(wanted.keySet()));
        journal.add(wanted.entrySet().stream()
                .map(head -> new NewEntry(
                        head.getKey(),
                        EntryKind.TENANT_HEAD,
                        Set.of(Mark.SYSTEM),
                        head.getValue(),
                        now,
                        new Content(
                                Actor.system("audit/tenant-heads"),
                                "tenant/" + head.getValue().value(),
                                null,
                                null,
                                Map.of("day", today.toString()))))
                .toList());
    }

    /// What the head of that day is called, whoever makes it.
    static UUID name(TenantId tenant, LocalDate day) {
        return EventIds.of("elleve/audit/tenant-head", tenant.value(), day.toString());
    }
}
