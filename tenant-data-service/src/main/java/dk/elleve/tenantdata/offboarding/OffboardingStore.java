package dk.elleve.tenantdata.offboarding;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class OffboardingStore {

    private final JdbcClient jdbc;

    OffboardingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// What was erased of a tenant that is closed.
    record Erased(long records, @Nullable String keyId, Instant at) {}

    Optional<Erased> find(TenantId tenant) {
        return jdbc.sql("""
                        SELECT erased_records, key_id, closed_at FROM data.tenant
                        WHERE tenant_id = ? AND state = 'closed'
                        """)
                .param(tenant.value())
                .query((row, i) -> new Erased(
                        row.getLong("erased_records"),
                        row.getString("key_id"),
                        row.getObject("closed_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /// Deletes every row of the tenant but the one that says it is closed.
    ///
    /// @return how many records there were
    long erase(TenantId tenant) {
        jdbc.sql("DELETE FROM data.record_index WHERE tenant_id = ?")
                .param(tenant.value())
                .update();
        long records = jdbc.sql("DELETE FROM data.record WHERE tenant_id = ?")
                .param(tenant.value())
                .update();
        jdbc.sql("DELETE FROM data.collection WHERE tenant_id = ?")
                .param(tenant.value())
                .update();
        jdbc.sql("DELETE FROM data.area WHERE tenant_id = ?")
                .param(tenant.value())
                .update();
        return records;
    }
}
