package dk.elleve.tenantdata.collection;

import dk.elleve.contracts.TenantId;
import dk.elleve.tenantdata.http.Bodies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.node.ObjectNode;

@Repository
class CollectionStore {

    private final JdbcClient jdbc;
    private final Bodies bodies;

    CollectionStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    Optional<Definition> find(Place place) {
        return select(place, "");
    }

    /// Holds a share, so that the schema stays as it is until this transaction ends.
    Optional<Definition> hold(Place place) {
        return select(place, "FOR SHARE OF c");
    }

    /// Waits until nobody writes records any more, and keeps everybody from starting.
    Optional<Definition> lock(Place place) {
        return select(place, "FOR UPDATE OF c");
    }

    private Optional<Definition> select(Place place, String lock) {
        return jdbc.sql("""
                        SELECT c.*, a.purpose
                        FROM data.collection c JOIN data.area a ON a.tenant_id = c.tenant_id AND a.area = c.area
                        WHERE c.tenant_id = ? AND c.area = ? AND c.collection = ?
                        """ + lock)
                .params(place.tenant().value(), place.area(), place.collection())
                .query((row, i) -> definition(place.tenant(), row))
                .optional();
    }

    boolean areaExists(TenantId tenant, String area) {
        return jdbc.sql("SELECT count(*) FROM data.area WHERE tenant_id = ? AND area = ?")
                        .params(tenant.value(), area)
                        .query(Long.class)
                        .single()
                == 1;
    }

    List<Definition> list(TenantId tenant, String area, String after, int limit) {
        return jdbc.sql("""
                        SELECT c.*, a.purpose
                        FROM data.collection c JOIN data.area a ON a.tenant_id = c.tenant_id AND a.area = c.area
                        WHERE c.tenant_id = ? AND c.area = ? AND c.collection > ?
                        ORDER BY c.collection
                        LIMIT ?
                        """)
                .params(tenant.value(), area, after, limit)
                .query((row, i) -> definition(tenant, row))
                .list();
    }

    boolean hasRecords(Place place) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT FROM data.record WHERE tenant_id = ? AND area = ? AND collection = ?)
                        """)
                .params(place.tenant().value(), place.area(), place.collection())
                .query(Boolean.class)
                .single();
    }

    /// @return whether it was there to insert: false if somebody else was faster
    boolean insert(Place place, SchemaDraft draft, Instant now) {
        return jdbc.sql("""
                        INSERT INTO data.collection (tenant_id, area, collection, schema, retention_from, version,
                                                     created_at, updated_at)
                        VALUES (:tenant, :area, :collection, :schema::json, :from, 1, :now, :now)
                        ON CONFLICT DO NOTHING
                        """)
                        .param("tenant", place.tenant().value())
                        .param("area", place.area())
                        .param("collection", place.collection())
                        .param("schema", draft.schema().toString())
                        .param("from", draft.retentionFrom())
                        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void update(Place place, SchemaDraft draft, Instant now) {
        jdbc.sql("""
                        UPDATE data.collection
                        SET schema = :schema::json, retention_from = :from, version = version + 1, updated_at = :now
                        WHERE tenant_id = :tenant AND area = :area AND collection = :collection
                        """)
                .param("tenant", place.tenant().value())
                .param("area", place.area())
                .param("collection", place.collection())
                .param("schema", draft.schema().toString())
                .param("from", draft.retentionFrom())
                .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                .update();
    }

    private Definition definition(TenantId tenant, ResultSet row) throws SQLException {
        var schema = (ObjectNode) bodies.json().readTree(row.getString("schema"));
        return new Definition(
                new Place(tenant, row.getString("area"), row.getString("collection")),
                row.getString("purpose"),
                schema,
                SchemaDraft.layoutOf(schema),
                row.getString("retention_from"),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
