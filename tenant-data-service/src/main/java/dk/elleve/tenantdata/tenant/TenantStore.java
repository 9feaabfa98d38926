package dk.elleve.tenantdata.tenant;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class TenantStore {

    record Kept(TenantState state, @Nullable String keyId) {}

    private final JdbcClient jdbc;

    TenantStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Kept> find(TenantId tenant) {
        return select(tenant, "");
    }

    /// Holds a share of the row, so that the tenant cannot be closed before this transaction ends.
    Optional<Kept> hold(TenantId tenant) {
        return select(tenant, "FOR SHARE");
    }

    /// Waits until nobody writes for the tenant any more, and keeps everybody from starting.
    Optional<Kept> lock(TenantId tenant) {
        return select(tenant, "FOR UPDATE");
    }

    private Optional<Kept> select(TenantId tenant, String lock) {
        return jdbc.sql("SELECT state, key_id FROM data.tenant WHERE tenant_id = ? " + lock)
                .param(tenant.value())
                .query((row, i) -> new Kept(TenantState.of(row.getString("state")), row.getString("key_id")))
                .optional();
    }

    /// @return whether the tenant stands in this state now: a closed one stays closed
    boolean put(
            TenantId tenant,
            String name,
            String state,
            @Nullable String keyId,
            @Nullable Instant openedAt,
            @Nullable Instant closesAt,
            Instant now) {
        return jdbc.sql("""
                        INSERT INTO data.tenant (tenant_id, name, state, key_id, opened_at, closes_at, changed_at)
                        VALUES (:tenant, :name, :state, :key, :opened, :closes, :now)
                        ON CONFLICT (tenant_id) DO UPDATE
                        SET name = excluded.name, state = excluded.state, key_id = excluded.key_id,
                            opened_at = excluded.opened_at, closes_at = excluded.closes_at, changed_at = excluded.changed_at
                        WHERE tenant.state <> 'closed'
                        """)
                        .param("tenant", tenant.value())
                        .param("name", name)
                        .param("state", state)
                        .param("key", keyId)
                        .param("opened", at(openedAt))
                        .param("closes", at(closesAt))
                        .param("now", at(now))
                        .update()
                == 1;
    }

    /// The name goes; id and key id stay, to answer a late event and to name the destroyed key.
    void close(TenantId tenant, long records, Instant now) {
        jdbc.sql("""
                        INSERT INTO data.tenant (tenant_id, name, state, erased_records, closed_at, changed_at)
                        VALUES (:tenant, '', 'closed', :records, :now, :now)
                        ON CONFLICT (tenant_id) DO UPDATE
                        SET name = '', state = 'closed', erased_records = excluded.erased_records,
                            closed_at = excluded.closed_at, changed_at = excluded.changed_at
                        """)
                .param("tenant", tenant.value())
                .param("records", records)
                .param("now", at(now))
                .update();
    }

    List<TenantId> all() {
        return jdbc.sql("SELECT tenant_id FROM data.tenant WHERE state <> 'closed' ORDER BY tenant_id")
                .query((row, i) -> new TenantId(row.getString("tenant_id")))
                .list();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
