package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Place;
import dk.elleve.tenantdata.http.Bodies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.node.ObjectNode;

@Repository
class RecordStore {

    /// Where a list goes on.
    ///
    /// @param value the sort value of the last record as PostgreSQL writes it; absent where that record has none
    record Position(UUID id, @Nullable String value) {}

    record Row(StoredRecord record, Position position) {}

    private final JdbcClient jdbc;
    private final Bodies bodies;

    RecordStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    /// Inserts new records in one statement, all of the same moment.
    void insert(Place place, List<StoredRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        INSERT INTO data.record (tenant_id, area, collection, id, version, key_id, fields, sealed,
                                                 created_at, updated_at)
                        SELECT :tenant, :area, :collection, x.id, 1, :key, x.fields::jsonb, x.sealed::jsonb, :now, :now
                        FROM unnest(:ids::uuid[], :fields::text[], :sealed::text[]) AS x (id, fields, sealed)
                        """)
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("key", records.getFirst().keyId())
                .param("now", at(records.getFirst()))
                .param("ids", texts(records, each -> each.id().toString()))
                .param("fields", texts(records, each -> each.clear().toString()))
                .param("sealed", texts(records, each -> json(each.sealed())))
                .update();
    }

    private static OffsetDateTime at(StoredRecord record) {
        return OffsetDateTime.ofInstant(record.updatedAt(), ZoneOffset.UTC);
    }

    Optional<StoredRecord> find(Place place, UUID id) {
        return select(place, id, "");
    }

    /// Keeps the record for this transaction.
    Optional<StoredRecord> lock(Place place, UUID id) {
        return select(place, id, "FOR UPDATE");
    }

    private Optional<StoredRecord> select(Place place, UUID id, String lock) {
        return jdbc.sql("""
                        SELECT * FROM data.record
                        WHERE tenant_id = ? AND area = ? AND collection = ? AND id = ?
                        """ + lock)
                .params(place.tenant().value(), place.area(), place.collection(), id)
                .query((row, i) -> record(row))
                .optional();
    }

    /// Replaces a record that this transaction has locked.
    void update(Place place, StoredRecord record) {
        jdbc.sql("""
                        UPDATE data.record
                        SET version = :version, key_id = :key, fields = :fields::jsonb, sealed = :sealed::jsonb, updated_at = :now
                        WHERE tenant_id = :tenant AND area = :area AND collection = :collection AND id = :id
                        """)
                .param("version", record.version())
                .param("key", record.keyId())
                .param("fields", record.clear().toString())
                .param("sealed", json(record.sealed()))
                .param("now", at(record))
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("id", record.id())
                .update();
    }

    /// Deletes a record with what it was found by.
    void delete(Place place, UUID id) {
        jdbc.sql("DELETE FROM data.record WHERE tenant_id = ? AND area = ? AND collection = ? AND id = ?")
                .params(place.tenant().value(), place.area(), place.collection(), id)
                .update();
    }

    void insertIndex(Place place, List<IndexEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        INSERT INTO data.record_index (tenant_id, area, collection, field, record_id,
                                                       text_value, number_value, time_value, blind)
                        SELECT :tenant, :area, :collection, x.field, x.record, x.text, x.number::float8, x.time::timestamptz,
                               decode(x.blind, 'hex')
                        FROM unnest(:records::uuid[], :fields::text[], :texts::text[], :numbers::text[], :times::text[],
                                    :blinds::text[]) AS x (record, field, text, number, time, blind)
                        """)
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("records", texts(entries, each -> each.record().toString()))
                .param("fields", texts(entries, IndexEntry::field))
                .param("texts", texts(entries, IndexEntry::text))
                .param("numbers", texts(entries, IndexEntry::number))
                .param("times", texts(entries, IndexEntry::time))
                .param("blinds", texts(entries, IndexEntry::blind))
                .update();
    }

    void deleteIndex(Place place, UUID record, Collection<String> fields) {
        if (fields.isEmpty()) {
            return;
        }
        jdbc.sql("""
                        DELETE FROM data.record_index
                        WHERE tenant_id = ? AND area = ? AND collection = ? AND record_id = ? AND field = ANY (?)
                        """)
                .params(place.tenant().value(), place.area(), place.collection(), record, fields.toArray(String[]::new))
                .update();
    }

    /// One page of records in order.
    ///
    /// @param after where the page before ended
    List<Row> page(Place place, FilterSql filter, Sort sort, @Nullable Position after, int limit) {
        var parameters = new LinkedHashMap<>(filter.parameters());
        parameters.put("tenant", place.tenant().value());
        parameters.put("area", place.area());
        parameters.put("collection", place.collection());
        parameters.put("limit", limit);
        var value = sort.byColumn()
                ? (sort.field().equals("createdAt") ? "r.created_at" : "r.updated_at")
                : FilterSql.expression(sort.kind(), "sortField");
        if (!sort.byColumn()) {
            parameters.put("sortField", sort.field());
        }
        var direction = sort.descending() ? "DESC" : "ASC";
        var goesOn = "true";
        if (after != null) {
            parameters.put("afterId", after.id());
            var beyond = sort.descending() ? "<" : ">";
            if (after.value() == null) {
                goesOn = "(%s IS NULL AND r.id %s :afterId)".formatted(value, beyond);
            } else {
                parameters.put("afterValue", after.value());
                var last = ":afterValue::" + type(sort.kind());
                goesOn = sort.byColumn()
                        // A row comparison is what the index can start from.
                        ? "(%s, r.id) %s (%s, :afterId)".formatted(value, beyond, last)
                        : "(%1$s %2$s %3$s OR (%1$s = %3$s AND r.id %2$s :afterId) OR %1$s IS NULL)"
                                .formatted(value, beyond, last);
            }
        }
        var nulls = sort.byColumn() ? "" : " NULLS LAST";
        return jdbc.sql("""
                        SELECT r.*, (%1$s)::text AS sort_value
                        FROM data.record r
                        WHERE r.tenant_id = :tenant AND r.area = :area AND r.collection = :collection
                          AND %2$s
                          AND %3$s
                        ORDER BY %1$s %4$s%5$s, r.id %4$s
                        LIMIT :limit
                        """.formatted(value, filter.condition(), goesOn, direction, nulls))
                .params(parameters)
                .query((row, i) -> {
                    var record = record(row);
                    return new Row(record, new Position(record.id(), row.getString("sort_value")));
                })
                .list();
    }

    private static String type(Field.Kind kind) {
        return switch (kind) {
            case NUMBER -> "numeric";
            case BOOLEAN -> "boolean";
            case TIME -> "timestamptz";
            case TEXT, DATE, OTHER -> "text";
        };
    }

    private StoredRecord record(ResultSet row) throws SQLException {
        var sealed = new LinkedHashMap<String, String>();
        bodies.json()
                .readTree(row.getString("sealed"))
                .propertyStream()
                .forEach(each -> sealed.put(each.getKey(), each.getValue().stringValue()));
        return new StoredRecord(
                row.getObject("id", UUID.class),
                row.getLong("version"),
                row.getString("key_id"),
                (ObjectNode) bodies.json().readTree(row.getString("fields")),
                sealed,
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private String json(Map<String, String> sealed) {
        return bodies.json().writeValueAsString(sealed);
    }

    private static <T> @Nullable String[] texts(List<T> all, Function<T, @Nullable String> text) {
        @Nullable String[] texts = new String[all.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text.apply(all.get(i));
        }
        return texts;
    }
}
