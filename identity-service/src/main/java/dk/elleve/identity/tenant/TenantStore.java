package dk.elleve.identity.tenant;

import dk.elleve.contracts.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class TenantStore {

    private final JdbcClient jdbc;

    TenantStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @return false if the id is taken; an id is never used again
    boolean insert(TenantId id, String name, Instant askedAt) {
        return jdbc.sql("""
                        INSERT INTO data.tenant (tenant_id, name, state, asked_at)
                        VALUES (?, ?, 'opening', ?)
                        ON CONFLICT (tenant_id) DO NOTHING
                        """).params(id.value(), name, at(askedAt)).update() == 1;
    }

    Optional<Tenant> find(TenantId id) {
        return jdbc.sql("SELECT * FROM data.tenant WHERE tenant_id = ?")
                .param(id.value())
                .query(TenantStore::tenant)
                .optional();
    }

    List<Tenant> after(String id, int limit) {
        return jdbc.sql("SELECT * FROM data.tenant WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?")
                .params(id, limit)
                .query(TenantStore::tenant)
                .list();
    }

    /// How many tenants are in each state.
    Map<Tenant.State, Long> states() {
        var states = new EnumMap<Tenant.State, Long>(Tenant.State.class);
        for (var state : Tenant.State.values()) {
            states.put(state, 0L);
        }
        jdbc.sql("SELECT state, count(*) FROM data.tenant GROUP BY state").query(row -> {
            states.put(Tenant.State.valueOf(row.getString(1).toUpperCase(Locale.ROOT)), row.getLong(2));
        });
        return states;
    }

    List<Tenant> unfinished(Instant now) {
        return jdbc.sql("""
                        SELECT * FROM data.tenant
                        WHERE state = 'opening' OR (state = 'closing' AND closes_at <= ?)
                        ORDER BY asked_at
                        """).param(at(now)).query(TenantStore::tenant).list();
    }

    /// Moves from one state to another, or does nothing if somebody else already has. A closing whose grace period is
    /// over is not taken back: sign-in to it may have ended already.
    boolean move(TenantId id, Tenant.State from, Tenant.State to, Instant now, @Nullable Instant closesAt) {
        return jdbc.sql("""
                        UPDATE data.tenant
                        SET state = :to,
                            opened_at = CASE WHEN :to = 'open' THEN coalesce(opened_at, :now) ELSE opened_at END,
                            closes_at = :closes,
                            closed_at = CASE WHEN :to = 'closed' THEN :now ELSE NULL END
                        WHERE tenant_id = :id AND state = :from
                          AND NOT (:from = 'closing' AND :to = 'open' AND closes_at <= :now)
                        """)
                        .param("id", id.value())
                        .param("from", word(from))
                        .param("to", word(to))
                        .param("now", at(now))
                        .param("closes", closesAt == null ? null : at(closesAt), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update()
                == 1;
    }

    private static String word(Tenant.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Tenant tenant(ResultSet row, int index) throws SQLException {
        return new Tenant(
                new TenantId(row.getString("tenant_id")),
                row.getString("name"),
                Tenant.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                instant(row, "opened_at"),
                instant(row, "closes_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
