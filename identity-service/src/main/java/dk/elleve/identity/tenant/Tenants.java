package dk.elleve.identity.tenant;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent;
import dk.elleve.identity.IdentityProblem;
import dk.elleve.identity.keycloak.KeycloakAdmin;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Opens and closes tenants. Each step that leaves the database is one that can be repeated, and stands
/// between two states, so that a crash anywhere leaves a tenant that [#finish] brings on by the same
/// steps.
@Service
public class Tenants {

    private static final Logger log = LoggerFactory.getLogger(Tenants.class);

    private final TenantStore store;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Idempotency idempotency;
    private final KeycloakAdmin keycloak;
    private final TenantProperties properties;
    private final Clock clock;

    Tenants(
            TenantStore store,
            Transactions transactions,
            Outbox outbox,
            Idempotency idempotency,
            KeycloakAdmin keycloak,
            TenantProperties properties,
            Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.idempotency = idempotency;
        this.keycloak = keycloak;
        this.properties = properties;
        this.clock = clock;
    }

    /// @return the tenant, `open`, or still `opening` if Keycloak does not answer: it is opened as soon as it does
    Tenant open(TenantId id, String name, Actor actor) {
        transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(Claimed.class, () -> {
                    if (!store.insert(id, name, clock.instant())) {
                        throw IdentityProblem.TENANT_EXISTS.with("The id `" + id
                                + "` is taken, perhaps by a tenant that has closed; ids are never used again.");
                    }
                    return new Claimed(id);
                }));
        // A crash here leaves `opening`; the recurring job goes on.
        try {
            finishOpening(id, actor);
        } catch (Problem away) {
            log.warn("Tenant {} waits for Keycloak; it is opened when Keycloak answers", id);
        }
        return find(id).orElseThrow();
    }

    record Claimed(TenantId id) {}

    private void finishOpening(TenantId id, Actor actor) {
        var tenant = find(id).orElseThrow();
        if (tenant.state() != Tenant.State.OPENING) {
            return;
        }
        keycloak.ensureOrganization(id, tenant.name());
        // A crash here leaves an organization without a tenant that is open; the next try finds it and comes by here
        // again.
        transactions.run(Scope.platform(), actor, () -> {
            var now = clock.instant();
            if (store.move(id, Tenant.State.OPENING, Tenant.State.OPEN, now, null)) {
                say(id, new TenantEvent.TenantOpened(id, tenant.name(), now));
            }
        });
    }

    /// Starts the grace period, in which closing can be taken back.
    Tenant close(TenantId id, Actor actor) {
        transactions.run(Scope.platform(), actor, () -> {
            var tenant = existing(id);
            var closesAt = clock.instant().plus(properties.grace());
            if (store.move(id, Tenant.State.OPEN, Tenant.State.CLOSING, clock.instant(), closesAt)) {
                say(id, new TenantEvent.TenantClosing(id, tenant.name(), opened(tenant), closesAt));
            } else if (tenant.state() != Tenant.State.CLOSING) {
                throw IdentityProblem.TENANT_NOT_OPEN.with(
                        "Only an open tenant can be closed; this one is " + word(tenant) + ".");
            }
        });
        return find(id).orElseThrow();
    }

    Tenant keep(TenantId id, Actor actor) {
        transactions.run(Scope.platform(), actor, () -> {
            var tenant = existing(id);
            if (store.move(id, Tenant.State.CLOSING, Tenant.State.OPEN, clock.instant(), null)) {
                say(id, new TenantEvent.TenantChanged(id, tenant.name(), opened(tenant), clock.instant()));
            } else if (tenant.state() != Tenant.State.OPEN) {
                throw IdentityProblem.TENANT_NOT_OPEN.with(
                        "Closing can be taken back in the grace period only; this tenant is " + word(tenant)
                                + (tenant.closesAt() == null ? "." : ", which was due at " + tenant.closesAt() + "."));
            }
        });
        return find(id).orElseThrow();
    }

    /// Brings on every tenant that a crash or an absent Keycloak has left between two states, and closes those that are
    /// due.
    void finish() {
        var actor = Actor.system("identity/tenants");
        for (var tenant : transactions.read(Scope.platform(), () -> store.unfinished(clock.instant()))) {
            try {
                if (tenant.state() == Tenant.State.OPENING) {
                    finishOpening(tenant.id(), actor);
                } else {
                    finishClosing(tenant, actor);
                }
            } catch (Problem away) {
                log.warn("Tenant {} stays {}; tried again in a moment", tenant.id(), word(tenant));
            }
        }
    }

    private void finishClosing(Tenant tenant, Actor actor) {
        // Sign-in ends first: a crash before the event must not leave people working in a tenant that is being erased.
        keycloak.disableOrganization(tenant.id());
        transactions.run(Scope.platform(), actor, () -> {
            if (store.move(tenant.id(), Tenant.State.CLOSING, Tenant.State.CLOSED, clock.instant(), null)) {
                say(tenant.id(), new TenantEvent.TenantClosed(tenant.id(), clock.instant()));
            }
        });
    }

    public Optional<Tenant> find(TenantId id) {
        return transactions.read(Scope.platform(), () -> store.find(id));
    }

    List<Tenant> list(String after, int limit) {
        return transactions.read(Scope.platform(), () -> store.after(after, limit));
    }

    /// The tenant, which must be open.
    public Tenant requireOpen(TenantId id) {
        var tenant =
                find(id).orElseThrow(() -> IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`."));
        if (tenant.state() != Tenant.State.OPEN) {
            throw IdentityProblem.TENANT_NOT_OPEN.with("The tenant is " + word(tenant) + ".");
        }
        return tenant;
    }

    private Tenant existing(TenantId id) {
        return store.find(id)
                .orElseThrow(() -> IdentityProblem.UNKNOWN_TENANT.with("There is no tenant `" + id + "`."));
    }

    private void say(TenantId id, TenantEvent event) {
        outbox.add(Topic.IDENTITY_TENANTS, id.value(), id, event);
    }

    private static Instant opened(Tenant tenant) {
        return Objects.requireNonNull(tenant.openedAt(), "a tenant that was open");
    }

    private static String word(Tenant tenant) {
        return tenant.state().name().toLowerCase(Locale.ROOT);
    }
}
