package dk.elleve.tenantdata.record;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import dk.elleve.tenantdata.collection.Collections;
import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.filter.FilterParser;
import dk.elleve.tenantdata.http.Errors;
import dk.elleve.tenantdata.http.Precondition;
import dk.elleve.tenantdata.keyring.FieldKeys;
import dk.elleve.tenantdata.keyring.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The records of each collection. What is not there and what belongs to another tenant look the same.
@Component
public class Records {

    static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final RecordStore store;
    private final Collections collections;
    private final Keys keys;
    private final Reads reads;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final RecordProperties limits;
    private final Clock clock;

    Records(
            RecordStore store,
            Collections collections,
            Keys keys,
            Reads reads,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            RecordProperties limits,
            Clock clock) {
        this.store = store;
        this.collections = collections;
        this.keys = keys;
        this.reads = reads;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.limits = limits;
        this.clock = clock;
    }

    /// A record as it is shown.
    public record Shown(UUID id, long version, ObjectNode body) {}

    /// What is remembered under an Idempotency-Key: nothing personal.
    record Made(UUID id, Instant at) {}

    /// Stores a new record. A repeated request with the same key gives the same record, from what it carries itself.
    public Shown create(Place place, Actor actor, ObjectNode body) {
        var fetched = fetched(place);
        return transactions.write(Scope.of(place.tenant()), actor, () -> {
            var definition = collections.hold(place);
            var fields = fieldsOf(body);
            mustFollow(definition, fields);
            var made = idempotency.once(Made.class, () -> {
                var fieldKeys = fetched.get();
                var id = Ids.next();
                var now = now();
                store.insert(place, List.of(Seals.seal(definition, fieldKeys, id, fields, now)));
                store.insertIndex(place, IndexEntry.of(id, fields, definition.layout(), fieldKeys));
                return new Made(id, now);
            });
            return new Shown(made.id(), 1, show(definition, made.id(), fields, made.at(), made.at()));
        });
    }

    /// One record with all its fields; the look is on record before this returns.
    public Shown find(Place place, Actor actor, String id) {
        record Found(Definition definition, StoredRecord record) {}
        var found = transactions.read(Scope.of(place.tenant()), () -> {
            var definition = collections.require(place);
            return new Found(definition, store.find(place, parse(id)).orElseThrow(Records::nothing));
        });
        return opened(found.definition(), found.record(), fetched(place).get(), actor);
    }

    /// Replaces all fields of a record.
    public Shown replace(Place place, Actor actor, String id, ObjectNode body, Precondition precondition) {
        var fetched = fetched(place);
        return transactions.write(Scope.of(place.tenant()), actor, () -> {
            var definition = collections.hold(place);
            var given = body.get("id");
            if (given != null && !id.equals(given.asString(""))) {
                throw new Problem(
                        CommonProblem.INVALID_REQUEST,
                        "The body is of another record than the path.",
                        List.of(new Problem.At("/id", "must be the id in the path, or left out")));
            }
            var fields = fieldsOf(body);
            var next = change(definition, fetched, id, precondition, before -> fields);
            return new Shown(
                    next.id(), next.version(), show(definition, next.id(), fields, next.createdAt(), next.updatedAt()));
        });
    }

    /// Changes some fields of a record by a merge patch (RFC 7396). The answer shows all of them, so it is a look too.
    public Shown patch(Place place, Actor actor, String id, ObjectNode patch, Precondition precondition) {
        var fetched = fetched(place);
        return transactions.write(Scope.of(place.tenant()), actor, () -> {
            var definition = collections.hold(place);
            var next = change(definition, fetched, id, precondition, before -> merge(before, fieldsOf(patch)));
            // Before the commit: a look that cannot be recorded takes the change back with it, and the client can
            // retry.
            return opened(definition, next, fetched.get(), actor);
        });
    }

    public void delete(Place place, Actor actor, String id, Precondition precondition) {
        transactions.run(Scope.of(place.tenant()), actor, () -> {
            collections.hold(place);
            var before = store.lock(place, parse(id)).orElseThrow(Records::nothing);
            precondition.changes(before.version());
            store.delete(place, before.id());
        });
    }

    private StoredRecord change(
            Definition definition,
            Supplier<FieldKeys> fetched,
            String id,
            Precondition precondition,
            UnaryOperator<ObjectNode> decide) {
        var place = definition.place();
        var before = store.lock(place, parse(id)).orElseThrow(Records::nothing);
        precondition.changes(before.version());
        var fieldKeys = fetched.get();
        var old = Seals.open(before, definition.layout(), fieldKeys, any -> true);
        var fields = decide.apply(old);
        mustFollow(definition, fields);
        var next = Seals.reseal(definition, fieldKeys, before, fields, now());
        store.update(place, next);
        var had = IndexEntry.of(next.id(), old, definition.layout(), fieldKeys);
        var has = IndexEntry.of(next.id(), fields, definition.layout(), fieldKeys);
        var gone = new HashSet<>(had);
        has.forEach(gone::remove);
        var come = new HashSet<>(has);
        had.forEach(come::remove);
        // Also where something comes: an entry the old fields do not explain must not stand in the way for ever.
        store.deleteIndex(
                place,
                next.id(),
                Stream.concat(gone.stream(), come.stream())
                        .map(IndexEntry::field)
                        .collect(Collectors.toSet()));
        store.insertIndex(place, List.copyOf(come));
        return next;
    }

    /// What a client asks a list for.
    record Query(
            @Nullable String filter,
            @Nullable String sort,
            @Nullable String select,
            @Nullable Integer limit,
            @Nullable String cursor) {}

    /// One page of records; the looks are on record before this returns.
    Page<ObjectNode> page(Place place, Actor actor, Query query) {
        var list = "records/" + place.tenant() + "/" + place.area() + "/" + place.collection() + "?" + query.filter()
                + "&" + query.sort();
        var after = query.cursor() == null ? null : position(cursors.decode(list, query.cursor()));
        var limit = Page.limit(query.limit());
        var slice = slice(place, query, after, limit + 1);
        var page = Page.of(slice.rows(), limit, row -> cursors.encode(list, text(row.position())));
        var shown = page.items().stream()
                .map(row -> show(slice, row.record(), slice.selection()))
                .toList();
        say(actor, slice, page.items());
        return new Page<>(shown, page.next());
    }

    /// Records as they go out in a stream, page after page.
    ///
    /// @param last where the stream goes on; absent at the end
    record Batch(List<ObjectNode> records, RecordStore.@Nullable Position last) {}

    Batch batch(Place place, Actor actor, Query query, RecordStore.@Nullable Position after, int size) {
        var slice = slice(place, query, after, size);
        var shown = slice.rows().stream()
                .map(row -> show(slice, row.record(), slice.selection()))
                .toList();
        say(actor, slice, slice.rows());
        return new Batch(
                shown,
                slice.rows().size() < size ? null : slice.rows().getLast().position());
    }

    private record Slice(
            Definition definition, FieldKeys keys, FilterSql filter, Selection selection, List<RecordStore.Row> rows) {}

    private Slice slice(Place place, Query query, RecordStore.@Nullable Position after, int limit) {
        var fetched = fetched(place);
        return transactions.read(Scope.of(place.tenant()), () -> {
            var definition = collections.require(place);
            var layout = definition.layout();
            var selection = Selection.of(query.select(), layout);
            var sort = Sort.of(query.sort(), layout);
            var fieldKeys = fetched.get();
            var filter = query.filter() == null || query.filter().isBlank()
                    ? FilterSql.none(layout, fieldKeys)
                    : FilterSql.of(FilterParser.parse(query.filter()), layout, fieldKeys);
            return new Slice(definition, fieldKeys, filter, selection, store.page(place, filter, sort, after, limit));
        });
    }

    /// Finding people by a personal value tells about them too, even if the value is not shown again.
    private void say(Actor actor, Slice slice, List<RecordStore.Row> rows) {
        var fields = new HashSet<>(slice.filter().personal());
        slice.definition().layout().personal().stream()
                .filter(slice.selection()::wants)
                .forEach(fields::add);
        reads.say(
                actor,
                slice.definition(),
                rows.stream().map(row -> row.record().id()).toList(),
                fields.stream().sorted().toList());
    }

    private static ObjectNode show(Slice slice, StoredRecord record, Selection selection) {
        var fields = Seals.open(record, slice.definition().layout(), slice.keys(), selection::wants);
        var shown = JsonNodeFactory.instance.objectNode();
        shown.put("id", record.id().toString());
        shown.setAll(fields);
        if (selection.wants("createdAt")) {
            shown.put("createdAt", record.createdAt().toString());
        }
        if (selection.wants("updatedAt")) {
            shown.put("updatedAt", record.updatedAt().toString());
        }
        return shown;
    }

    private Shown opened(Definition definition, StoredRecord record, FieldKeys fieldKeys, Actor actor) {
        var fields = Seals.open(record, definition.layout(), fieldKeys, any -> true);
        reads.say(
                actor,
                definition,
                List.of(record.id()),
                record.sealed().keySet().stream().sorted().toList());
        return new Shown(
                record.id(),
                record.version(),
                show(definition, record.id(), fields, record.createdAt(), record.updatedAt()));
    }

    private static ObjectNode show(
            Definition definition, UUID id, ObjectNode fields, Instant createdAt, Instant updatedAt) {
        var shown = JsonNodeFactory.instance.objectNode();
        shown.put("id", id.toString());
        for (var field : definition.layout().fields()) {
            var value = fields.get(field.name());
            if (value != null) {
                shown.set(field.name(), value);
            }
        }
        shown.put("createdAt", createdAt.toString());
        shown.put("updatedAt", updatedAt.toString());
        return shown;
    }

    private void mustFollow(Definition definition, ObjectNode fields) {
        var errors = new Errors();
        check(definition, fields, "", errors);
        errors.refuse(RecordProblem.RECORD_INVALID, "Some fields are missing, unknown or not valid.");
    }

    /// Everything that a record may break.
    void check(Definition definition, ObjectNode fields, String pointer, Errors errors) {
        ValueLimits.check(definition, fields, limits.longestValue().toBytes(), pointer, errors);
        collections.check(definition, fields, pointer, errors);
    }

    /// A body without what the platform adds to each record: a client may send back what it read.
    static ObjectNode fieldsOf(ObjectNode body) {
        return body.deepCopy().remove(List.of("id", "createdAt", "updatedAt"));
    }

    private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        var merged = target.deepCopy();
        patch.forEachEntry((name, value) -> {
            if (value.isNull()) {
                merged.remove(name);
            } else if (value instanceof ObjectNode inner) {
                JsonNode there = merged.get(name);
                merged.set(
                        name,
                        merge(
                                there instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode(),
                                inner));
            } else {
                merged.set(name, value);
            }
        });
        return merged;
    }

    private Supplier<FieldKeys> fetched(Place place) {
        return keys.fetched(place.tenant(), place.area(), place.collection());
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static UUID parse(String id) {
        if (!ID.matcher(id).matches()) {
            throw nothing();
        }
        return UUID.fromString(id);
    }

    private static Problem nothing() {
        return CommonProblem.NOT_FOUND.with("There is no such record.");
    }

    /// A cursor holds an id and a value that is not personal; the value may hold any character.
    private static List<String> text(RecordStore.Position position) {
        return position.value() == null
                ? List.of(position.id().toString())
                : List.of(
                        position.id().toString(),
                        Base64.getEncoder().encodeToString(position.value().getBytes(StandardCharsets.UTF_8)));
    }

    private static RecordStore.Position position(List<String> text) {
        return new RecordStore.Position(
                UUID.fromString(text.getFirst()),
                text.size() == 1 ? null : new String(Base64.getDecoder().decode(text.get(1)), StandardCharsets.UTF_8));
    }
}
