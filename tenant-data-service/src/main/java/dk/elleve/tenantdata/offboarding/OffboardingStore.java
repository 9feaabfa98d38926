package dk.elleve.tenantdata.offboarding;

import dk.elleve.contracts.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class OffboardingStore {

    private final JdbcClient jdbc;

    OffboardingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
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
