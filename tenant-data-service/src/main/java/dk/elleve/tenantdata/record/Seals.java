package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.keyring.FieldKeys;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Between records as people see them and as they are stored.
final class Seals {

    private Seals() {}

    /// A new record, its personal fields sealed.
    static StoredRecord seal(Definition definition, FieldKeys keys, UUID id, ObjectNode fields, Instant now) {
        return seal(definition, keys, id, fields, now, null);
    }

    /// The next version of a record. What did not change keeps its sealed form, so that the audit log shows which
    /// fields did.
    static StoredRecord reseal(
            Definition definition, FieldKeys keys, StoredRecord before, ObjectNode fields, Instant now) {
        return seal(definition, keys, before.id(), fields, now, before);
    }

    private static StoredRecord seal(
            Definition definition,
            FieldKeys keys,
            UUID id,
            ObjectNode fields,
            Instant now,
            @Nullable StoredRecord before) {
        var clear = JsonNodeFactory.instance.objectNode();
        var sealed = new LinkedHashMap<String, String>();
        fields.forEachEntry((name, value) -> {
            if (definition.layout().field(name).orElseThrow().personal()) {
                var kept = before == null || !before.keyId().equals(keys.keyId())
                        ? null
                        : before.sealed().get(name);
                sealed.put(
                        name,
                        kept != null && keys.open(name, id, kept).equals(value) ? kept : keys.seal(name, id, value));
            } else {
                clear.set(name, value);
            }
        });
        return new StoredRecord(
                id,
                before == null ? 1 : before.version() + 1,
                keys.keyId(),
                clear,
                sealed,
                before == null ? now : before.createdAt(),
                now);
    }

    /// The fields of a record in the order of the schema, as far as they are wanted.
    static ObjectNode open(StoredRecord record, Layout layout, FieldKeys keys, Predicate<String> wanted) {
        var fields = JsonNodeFactory.instance.objectNode();
        for (var field : layout.fields()) {
            if (!wanted.test(field.name())) {
                continue;
            }
            var sealed = record.sealed().get(field.name());
            var clear = record.clear().get(field.name());
            if (sealed != null) {
                fields.set(field.name(), keys.open(field.name(), record.id(), sealed));
            } else if (clear != null) {
                fields.set(field.name(), clear);
            }
        }
        return fields;
    }
}
