package dk.elleve.tenantdata.area;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tenantdata.http.Precondition;
import dk.elleve.tenantdata.tenant.Tenants;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The areas of each tenant.
@Component
public class Areas {

    /// The rule for the names of areas and of collections.
    public static final Pattern NAME = Pattern.compile("[a-z](?:[a-z0-9_-]{0,62})");

    public static final String NAME_RULE =
            "The last part of the path names it: 1 to 63 lower-case letters, digits, - and _, starting with a letter.";

    private final AreaStore store;
    private final Tenants tenants;
    private final Transactions transactions;
    private final Cursors cursors;
    private final Clock clock;

    Areas(AreaStore store, Tenants tenants, Transactions transactions, Cursors cursors, Clock clock) {
        this.store = store;
        this.tenants = tenants;
        this.transactions = transactions;
        this.cursors = cursors;
        this.clock = clock;
    }

    /// An area after a change.
    public record Put(Area area, boolean created) {}

    /// Makes or replaces an area.
    ///
    /// @param body as the client sent it
    /// @throws Problem if the body or the precondition does not hold
    public Put put(TenantId tenant, Actor actor, String name, ObjectNode body, Precondition precondition) {
        if (!NAME.matcher(name).matches()) {
            throw CommonProblem.INVALID_REQUEST.with(NAME_RULE);
        }
        var draft = AreaDraft.of(body);
        return transactions.write(Scope.of(tenant), actor, () -> {
            tenants.holdOpen(tenant);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var before = store.find(tenant, name);
            if (before.isEmpty()) {
                precondition.creates();
            } else {
                precondition.changes(before.get().version());
            }
            var done = before.isEmpty()
                    ? store.insert(tenant, name, draft, now)
                    : store.update(tenant, name, draft, before.get().version(), now);
            if (!done) {
                throw CommonProblem.PRECONDITION_FAILED.with("Somebody changed it at the same moment: read it again.");
            }
            return new Put(store.find(tenant, name).orElseThrow(), before.isEmpty());
        });
    }

    /// @throws Problem `not-found`
    public Area require(TenantId tenant, String name) {
        return transactions.read(Scope.of(tenant), () -> {
            tenants.mustBeOpen(tenant);
            return store.find(tenant, name).orElseThrow(Areas::nothing);
        });
    }

    public Page<Area> list(TenantId tenant, @Nullable Integer limit, @Nullable String cursor) {
        var list = "areas/" + tenant;
        var after = cursor == null ? "" : cursors.decode(list, cursor).getFirst();
        var most = Page.limit(limit);
        var found = transactions.read(Scope.of(tenant), () -> {
            tenants.mustBeOpen(tenant);
            return store.list(tenant, after, most + 1);
        });
        return Page.of(found, most, area -> cursors.encode(list, List.of(area.id())));
    }

    /// Every area, for work that is nobody's request. A closed tenant has none.
    public List<Area> all(TenantId tenant) {
        return transactions.read(Scope.of(tenant), () -> store.list(tenant, "", Integer.MAX_VALUE));
    }

    private static Problem nothing() {
        return CommonProblem.NOT_FOUND.with("There is no such area.");
    }
}
