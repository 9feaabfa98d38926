package dk.elleve.tenantdata.probe;

import dk.elleve.tenantdata.collection.Place;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class ProbeStore {

    /// A record as a stranger with the database files would see it.
    ///
    /// @param everything the whole row and its index entries as text
    /// @param sealed the sealed form of the canary's personal field; empty where there is none
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
                               coalesce(r.sealed ->> :field, '') AS sealed
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

    /// @param clear how many hold something personal that is not sealed
    record Counted(long seen, long clear) {}

    /// Of the collection's newest records: how many there are, and how many hold a personal field among the clear
    /// ones, hold a sealed value that sealing cannot have made (base64 of nonce, text and tag: more than 28 bytes),
    /// or can be found by a personal value itself.
    Counted inClear(Place place, List<String> personal, int newest) {
        return jdbc.sql("""
                        SELECT count(*) AS seen,
                               count(*) FILTER (
                                   WHERE jsonb_exists_any(r.fields, :personal)
                                      OR EXISTS (SELECT FROM jsonb_each_text(r.sealed) s
                                                 WHERE s.value IS NULL OR s.value !~ '^[A-Za-z0-9+/]{39,}$')
                                      OR EXISTS (SELECT FROM data.record_index i
                                                 WHERE i.tenant_id = :tenant AND i.area = :area AND i.collection = :collection
                                                   AND i.record_id = r.id AND i.field = ANY (:personal)
                                                   AND num_nonnulls(i.text_value, i.number_value, i.time_value) > 0)) AS clear
                        FROM (SELECT id, fields, sealed FROM data.record
                              WHERE tenant_id = :tenant AND area = :area AND collection = :collection
                              ORDER BY updated_at DESC, id DESC
                              LIMIT :newest) r
                        """)
                .param("personal", personal.toArray(String[]::new))
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("newest", newest)
                .query((row, i) -> new Counted(row.getLong("seen"), row.getLong("clear")))
                .single();
    }
}
