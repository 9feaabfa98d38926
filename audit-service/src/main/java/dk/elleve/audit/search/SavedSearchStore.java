package dk.elleve.audit.search;

import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/// Saved searches. Every call belongs into a transaction of the caller, whose scope decides what is seen.
@Repository
class SavedSearchStore {

    record Position(Instant createdAt, UUID id) {}

    private static final String SELECT = """
            SELECT id, tenant_id, owner, under_tenant_key, sealed, created_at
            FROM data.saved_search
            """;

    /// Searches that are shown belong to the operator, or to the tenant whose people ask.
    private static final String OWN = " tenant_id IS NOT DISTINCT FROM CAST(:tenant AS text) ";

    private final JdbcClient jdbc;
    private final PayloadSeal seal;
    private final JsonMapper json;

    SavedSearchStore(JdbcClient jdbc, PayloadSeal seal, JsonMapper json) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.json = json;
    }

    void add(SavedSearch search) {
        var sealed = seal.seal(search.id(), search.tenant(), search.createdAt(), json.writeValueAsBytes(search.text()));
        jdbc.sql("""
                        INSERT INTO data.saved_search (id, tenant_id, owner, under_tenant_key, sealed, created_at)
                        VALUES (:id, :tenant, :owner, :under, :sealed, :created)
                        """)
                .param("id", search.id())
                .param("tenant", word(search.tenant()))
                .param("owner", search.owner())
                .param("under", sealed.underTenantKey())
                .param("sealed", sealed.ciphertext())
                .param("created", search.createdAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<SavedSearch> find(@Nullable TenantId tenant, UUID id) {
        return jdbc.sql(SELECT + "WHERE" + OWN + "AND id = :id")
                .param("tenant", word(tenant))
                .param("id", id)
                .query(this::row)
                .optional();
    }

    /// The newest first, at most `limit + 1`.
    List<SavedSearch> page(@Nullable TenantId tenant, int limit, @Nullable Position before) {
        var after = before == null ? "" : "AND (created_at, id) < (:created, :id) ";
        var query = jdbc.sql(SELECT + "WHERE" + OWN + after + "ORDER BY created_at DESC, id DESC LIMIT :limit")
                .param("tenant", word(tenant))
                .param("limit", limit + 1);
        if (before != null) {
            query = query.param("created", before.createdAt().atOffset(ZoneOffset.UTC))
                    .param("id", before.id());
        }
        return query.query(this::row).list();
    }

    long count(@Nullable TenantId tenant) {
        return jdbc.sql("SELECT count(*) FROM data.saved_search WHERE" + OWN)
                .param("tenant", word(tenant))
                .query(Long.class)
                .single();
    }

    void remove(UUID id) {
        jdbc.sql("DELETE FROM data.saved_search WHERE id = ?").param(id).update();
    }

    private SavedSearch row(ResultSet row, int number) throws SQLException {
        var id = row.getObject("id", UUID.class);
        var tenant = row.getString("tenant_id");
        var of = tenant == null ? null : new TenantId(tenant);
        var created = row.getObject("created_at", OffsetDateTime.class).toInstant();
        var text = seal.open(
                        id,
                        of,
                        row.getBoolean("under_tenant_key"),
                        created,
                        row.getBytes("sealed"),
                        bytes -> json.readValue(bytes, SavedSearch.Text.class))
                .orElse(new SavedSearch.Text("", EntryQuery.ALL));
        return new SavedSearch(id, of, row.getString("owner"), created, text);
    }

    private static @Nullable String word(@Nullable TenantId tenant) {
        return tenant == null ? null : tenant.value();
    }
}
