package dk.elleve.tenantdata.collection;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tenantdata.area.Areas;
import dk.elleve.tenantdata.http.Errors;
import dk.elleve.tenantdata.http.Precondition;
import dk.elleve.tenantdata.tenant.Tenants;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The collections of each area.
@Component
public class Collections {

    private final CollectionStore store;
    private final Schemas schemas;
    private final Tenants tenants;
    private final Transactions transactions;
    private final Cursors cursors;
    private final Clock clock;

    Collections(
            CollectionStore store,
            Schemas schemas,
            Tenants tenants,
            Transactions transactions,
            Cursors cursors,
            Clock clock) {
        this.store = store;
        this.schemas = schemas;
        this.tenants = tenants;
        this.transactions = transactions;
        this.cursors = cursors;
        this.clock = clock;
    }

    /// A collection after a change.
    public record Put(Definition definition, boolean created) {}

    /// Makes or replaces a collection.
    ///
    /// @param body as the client sent it
    /// @throws Problem if the body or the precondition does not hold, or if records stand in the way
    public Put put(Place place, Actor actor, ObjectNode body, Precondition precondition) {
        if (!Areas.NAME.matcher(place.collection()).matches()) {
            throw CommonProblem.INVALID_REQUEST.with(Areas.NAME_RULE);
        }
        var draft = SchemaDraft.of(body, schemas);
        return transactions.write(Scope.of(place.tenant()), actor, () -> {
            tenants.holdOpen(place.tenant());
            if (!store.areaExists(place.tenant(), place.area())) {
                throw CommonProblem.NOT_FOUND.with("There is no such area; make it first by PUT /areas/{area}.");
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var before = store.lock(place);
            if (before.isEmpty()) {
                precondition.creates();
                if (!store.insert(place, draft, now)) {
                    throw CommonProblem.PRECONDITION_FAILED.with("Somebody made it at the same moment: read it.");
                }
            } else {
                precondition.changes(before.get().version());
                mustKeepRecords(place, before.get().layout(), draft.layout());
                store.update(place, draft, now);
            }
            return new Put(store.find(place).orElseThrow(), before.isEmpty());
        });
    }

    /// Stored fields keep their marks: a field that became personal would lie in clear, and one that became searchable
    /// would not be found.
    private void mustKeepRecords(Place place, Layout before, Layout after) {
        var lost = before.lostIn(after);
        if (lost.isEmpty() || !store.hasRecords(place)) {
            return;
        }
        var errors = new Errors();
        lost.forEach(
                field -> errors.add(
                        "/schema/properties" + Errors.step(field),
                        "must stay with the same type, format, x-personal, x-searchable and x-subject while there are records"));
        errors.refuse(
                CollectionProblem.SCHEMA_IN_USE,
                "Records are stored under the present schema. Make a new collection with the new schema and move them.");
    }

    /// @throws Problem `not-found`
    public Definition require(Place place) {
        return transactions.read(Scope.of(place.tenant()), () -> {
            tenants.mustBeOpen(place.tenant());
            return orNothing(store.find(place));
        });
    }

    /// For a write: tenant and schema stay as they are until the caller's transaction ends.
    ///
    /// @throws Problem `not-found`
    public Definition hold(Place place) {
        tenants.holdOpen(place.tenant());
        return orNothing(store.hold(place));
    }

    private static Definition orNothing(Optional<Definition> found) {
        return found.orElseThrow(() -> CommonProblem.NOT_FOUND.with("There is no such collection."));
    }

    /// What the fields of a record break of the collection's schema.
    ///
    /// @param pointer where the fields stand in the request
    public void check(Definition definition, ObjectNode fields, String pointer, Errors errors) {
        for (var name : fields.propertyNames()) {
            if (definition.layout().field(name).isEmpty()) {
                errors.add(
                        pointer + Errors.step(name),
                        "is not a field of this collection: the schema must say what it is and whether it is personal");
            }
        }
        schemas.check(definition.schema(), fields, pointer, errors);
    }

    /// Every collection of an area, for work that is nobody's request. A closed tenant has none.
    public List<Definition> all(TenantId tenant, String area) {
        return transactions.read(Scope.of(tenant), () -> store.list(tenant, area, "", Integer.MAX_VALUE));
    }

    public Page<Definition> list(TenantId tenant, String area, @Nullable Integer limit, @Nullable String cursor) {
        var list = "collections/" + tenant + "/" + area;
        var after = cursor == null ? "" : cursors.decode(list, cursor).getFirst();
        var most = Page.limit(limit);
        var found = transactions.read(Scope.of(tenant), () -> {
            tenants.mustBeOpen(tenant);
            if (!store.areaExists(tenant, area)) {
                throw CommonProblem.NOT_FOUND.with("There is no such area.");
            }
            return store.list(tenant, area, after, most + 1);
        });
        return Page.of(
                found, most, each -> cursors.encode(list, List.of(each.place().collection())));
    }
}
