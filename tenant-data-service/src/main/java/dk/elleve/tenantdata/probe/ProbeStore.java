package dk.elleve.tenantdata.probe;

import dk.elleve.tenantdata.collection.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class ProbeStore {

    /// A record as a stranger with the database files would see it.
    ///
    /// @param everything the whole row and its index entries as text
    /// @param sealed the sealed form of the canary's personal field
    record Raw(String everything, String sealed) {}

    private final JdbcClient jdbc;

    ProbeStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean hasArea(Place place) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM data.area WHERE tenant_id = ? AND area = ?)")
                .params(place.tenant().value(), place.area())
                .query(Boolean.class)
                .single();
    }

    boolean hasCollection(Place place) {
        return jdbc.sql(
                        "SELECT EXISTS (SELECT FROM data.collection WHERE tenant_id = ? AND area = ? AND collection = ?)")
                .params(place.tenant().value(), place.area(), place.collection())
                .query(Boolean.class)
                .single();
    }

    Optional<UUID> anyRecord(Place place) {
        return jdbc.sql("SELECT id FROM data.record WHERE tenant_id = ? AND area = ? AND collection = ? LIMIT 1")
                .params(place.tenant().value(), place.area(), place.collection())
                .query((row, i) -> row.getObject("id", UUID.class))
                .optional();
    }

    Raw raw(Place place, UUID id, String field) {
        return jdbc.sql("""
                        SELECT to_jsonb(r)::text || coalesce(
                                   (SELECT jsonb_agg(to_jsonb(i))::text FROM data.record_index i
                                    WHERE i.tenant_id = r.tenant_id AND i.area = r.area AND i.collection = r.collection
                                      AND i.record_id = r.id), '') AS everything,
                               r.sealed ->> :field AS sealed
                        FROM data.record r
                        WHERE r.tenant_id = :tenant AND r.area = :area AND r.collection = :collection AND r.id = :id
                        """)
                .param("field", field)
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("id", id)
                .query((row, i) -> new Raw(row.getString("everything"), row.getString("sealed")))
                .single();
    }

    /// Of the collection's newest records: how many there are, and how many hold one of these fields in clear.
    Map.Entry<Long, Long> inClear(Place place, List<String> personal, int newest) {
        return jdbc.sql("""
                        SELECT count(*) AS seen, count(*) FILTER (WHERE jsonb_exists_any(fields, :personal)) AS clear
                        FROM (SELECT fields FROM data.record
                              WHERE tenant_id = :tenant AND area = :area AND collection = :collection
                              ORDER BY updated_at DESC, id DESC
                              LIMIT :newest) r
                        """)
                .param("personal", personal.toArray(String[]::new))
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("newest", newest)
                .query((row, i) -> Map.entry(row.getLong("seen"), row.getLong("clear")))
                .single();
    }
}
