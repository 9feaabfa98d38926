package dk.elleve.tenantdata.area;

import dk.elleve.contracts.TenantId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class AreaStore {

    private final JdbcClient jdbc;

    AreaStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Area> find(TenantId tenant, String area) {
        return jdbc.sql("""
                        SELECT * FROM data.area
                        WHERE tenant_id = ? AND area = ?
                        """).params(tenant.value(), area).query(AreaStore::area).optional();
    }

    List<Area> list(TenantId tenant, String after, int limit) {
        return jdbc.sql("""
                        SELECT * FROM data.area
                        WHERE tenant_id = ? AND area > ?
                        ORDER BY area
                        LIMIT ?
                        """)
                .params(tenant.value(), after, limit)
                .query(AreaStore::area)
                .list();
    }

    /// @return whether it was there to insert: false if somebody else was faster
    boolean insert(TenantId tenant, String area, AreaDraft draft, Instant now) {
        return jdbc.sql("""
                        INSERT INTO data.area (tenant_id, area, purpose, legal_basis, data_subjects, data_categories,
                                               recipients, retention, version, created_at, updated_at)
                        VALUES (:tenant, :area, :purpose, :basis, :subjects, :categories, :recipients, :retention, 1, :now, :now)
                        ON CONFLICT DO NOTHING
                        """)
                        .param("tenant", tenant.value())
                        .param("area", area)
                        .param("purpose", draft.purpose())
                        .param("basis", draft.legalBasis())
                        .param("subjects", draft.dataSubjects().toArray(String[]::new))
                        .param("categories", draft.dataCategories().toArray(String[]::new))
                        .param("recipients", draft.recipients().toArray(String[]::new))
                        .param("retention", draft.retention())
                        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /// @return whether the version was still the one given
    boolean update(TenantId tenant, String area, AreaDraft draft, long version, Instant now) {
        return jdbc.sql("""
                        UPDATE data.area
                        SET purpose = :purpose, legal_basis = :basis, data_subjects = :subjects, data_categories = :categories,
                            recipients = :recipients, retention = :retention, version = version + 1, updated_at = :now
                        WHERE tenant_id = :tenant AND area = :area AND version = :version
                        """)
                        .param("tenant", tenant.value())
                        .param("area", area)
                        .param("purpose", draft.purpose())
                        .param("basis", draft.legalBasis())
                        .param("subjects", draft.dataSubjects().toArray(String[]::new))
                        .param("categories", draft.dataCategories().toArray(String[]::new))
                        .param("recipients", draft.recipients().toArray(String[]::new))
                        .param("retention", draft.retention())
                        .param("version", version)
                        .param("now", OffsetDateTime.ofInstant(now, ZoneOffset.UTC))
                        .update()
                == 1;
    }

    private static Area area(ResultSet row, int index) throws SQLException {
        return new Area(
                row.getString("area"),
                row.getString("purpose"),
                row.getString("legal_basis"),
                texts(row.getArray("data_subjects")),
                texts(row.getArray("data_categories")),
                texts(row.getArray("recipients")),
                row.getString("retention"),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
