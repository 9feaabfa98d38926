package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.Rig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What PostgreSQL itself refuses to the service's own role, whatever the service's code asks for.
class RowSecurityTest extends TenantDataRig {

    private static final List<String> OWNED =
            List.of("data.area", "data.collection", "data.record", "data.record_index");

    private final JdbcClient database = JdbcClient.create(Rig.postgres().superuser("tenant_data"));

    @BeforeEach
    void two_tenants_with_data() {
        for (var tenant : List.of("rls-a", "rls-b")) {
            open(tenant);
            if (get(admin(tenant), COLLECTION).status() == 404) {
                put(admin(tenant), "/areas/sales", AREA).must(201);
                put(admin(tenant), COLLECTION, PEOPLE).must(201);
                post(user(tenant), RECORDS, "{\"email\":\"a@x.invalid\", \"level\": 1}")
                        .must(201);
            }
        }
    }

    @Test
    void every_table_of_tenants_is_forced_under_a_policy_and_owned_by_a_role_that_cannot_sign_in() {
        record Table(
                String name,
                boolean enabled,
                boolean forced,
                int policies,
                boolean ownerSignsIn,
                boolean ownerPasses) {}
        var tables = database.sql("""
                        SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AS enabled,
                               c.relforcerowsecurity AS forced,
                               (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)::int AS policies,
                               o.rolcanlogin AS owner_signs_in, o.rolsuper OR o.rolbypassrls AS owner_passes
                        FROM pg_class c
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_roles o ON o.oid = c.relowner
                        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                          AND EXISTS (SELECT FROM pg_attribute a
                                      WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
                        """).query(Table.class).list();

        assertThat(tables).extracting(Table::name).contains("data.tenant").containsAll(OWNED);
        assertThat(tables).allSatisfy(table -> {
            assertThat(table.enabled()).as(table.name()).isTrue();
            assertThat(table.forced()).as(table.name()).isTrue();
            assertThat(table.policies()).as(table.name()).isEqualTo(1);
            assertThat(table.ownerSignsIn()).as(table.name()).isFalse();
            assertThat(table.ownerPasses()).as(table.name()).isFalse();
        });
        assertThat(database.sql("""
                                SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE n.nspname = 'data' AND c.relkind IN ('r', 'p') AND c.relname <> 'ddl_log'
                                """).query(String.class).list())
                .as("every business table is a tenant's")
                .hasSize(tables.size());
    }

    @Test
    void every_key_and_index_starts_with_the_tenant() {
        var others = database.sql("""
                        SELECT i.indexrelid::regclass::text
                        FROM pg_index i
                        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                        WHERE n.nspname = 'data' AND c.relname <> 'ddl_log' AND a.attname <> 'tenant_id'
                        """).query(String.class).list();
        assertThat(others).isEmpty();
        assertThat(database.sql("SELECT count(*) FROM pg_index WHERE indrelid = 'data.record'::regclass")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void raw_sql_without_a_tenant_or_in_the_name_of_another_sees_and_changes_no_row() throws SQLException {
        try (var connection = service()) {
            for (var table : OWNED) {
                assertThat(count(connection, "", table))
                        .as("nobody sees " + table)
                        .isZero();
                assertThat(count(connection, "*", table))
                        .as("the platform sees " + table)
                        .isZero();
                assertThat(count(connection, "rls-none", table)).isZero();
                assertThat(count(connection, "rls-a", table))
                        .as("its own " + table)
                        .isPositive();
                assertThat(tenantsSeen(connection, "rls-a", table)).containsExactly("rls-a");
                assertThat(database.sql("SELECT count(DISTINCT tenant_id) FROM " + table)
                                .query(Long.class)
                                .single())
                        .as("there is more than that in " + table)
                        .isGreaterThan(1);
            }
            assertThat(count(connection, "", "data.tenant")).isZero();
            assertThat(tenantsSeen(connection, "rls-a", "data.tenant")).containsExactly("rls-a");
            assertThat(tenantsSeen(connection, "*", "data.tenant"))
                    .as("the list of tenants, and nothing of theirs, is the platform's")
                    .contains("rls-a", "rls-b");

            assertThat(change(connection, "rls-a", "UPDATE data.record SET version = 99 WHERE tenant_id = 'rls-b'"))
                    .isZero();
            assertThat(change(connection, "rls-a", "DELETE FROM data.record_index WHERE tenant_id = 'rls-b'"))
                    .isZero();
            assertThatThrownBy(() -> change(connection, "rls-a", """
                            INSERT INTO data.record (tenant_id, area, collection, id, version, key_id, fields, sealed,
                                                     created_at, updated_at)
                            VALUES ('rls-b', 'sales', 'people', gen_random_uuid(), 1, 'k', '{}', '{}', now(), now())
                            """)).hasMessageContaining("row-level security");
            assertThatThrownBy(() -> change(connection, "rls-a", "UPDATE data.record SET tenant_id = 'rls-b'"))
                    .hasMessageContaining("row-level security");
        }
    }

    @Test
    void the_service_cannot_take_the_policies_away_or_step_around_them() throws SQLException {
        try (var connection = service()) {
            for (var attempt : List.of(
                    "ALTER TABLE data.record DISABLE ROW LEVEL SECURITY",
                    "ALTER TABLE data.record NO FORCE ROW LEVEL SECURITY",
                    "DROP POLICY tenant_owned ON data.record",
                    "SET ROLE tenant_data_owner",
                    "ALTER ROLE tenant_data_service BYPASSRLS",
                    "CREATE TABLE data.copy (LIKE data.record)",
                    "TRUNCATE data.record",
                    "SET session_replication_role = replica")) {
                assertThatThrownBy(() -> change(connection, "rls-a", attempt))
                        .as(attempt)
                        .isInstanceOf(SQLException.class)
                        .extracting(refused -> ((SQLException) refused).getSQLState())
                        .as(attempt)
                        .isEqualTo("42501");
            }
            assertThatThrownBy(() -> change(
                            connection, "rls-a", "SET LOCAL row_security = off; UPDATE data.record SET version = 1"))
                    .hasMessageContaining("row-level security");
        }
    }

    private static Connection service() throws SQLException {
        var connection = Rig.postgres().as("tenant_data", "tenant_data_service").getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void enter(Connection connection, String tenant) throws SQLException {
        // After a transaction the setting reads '', which is what a forgotten tenant looks like on a pooled connection.
        if (!tenant.isEmpty()) {
            try (var set = connection.prepareStatement("SELECT set_config('elleve.tenant', ?, true)")) {
                set.setString(1, tenant);
                set.execute();
            }
        }
    }

    private static long count(Connection connection, String tenant, String table) throws SQLException {
        enter(connection, tenant);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        } finally {
            connection.commit();
        }
    }

    private static List<String> tenantsSeen(Connection connection, String tenant, String table) throws SQLException {
        enter(connection, tenant);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT array_agg(DISTINCT tenant_id) FROM " + table)) {
            rows.next();
            return List.of((String[]) rows.getArray(1).getArray());
        } finally {
            connection.commit();
        }
    }

    private static int change(Connection connection, String tenant, String sql) throws SQLException {
        enter(connection, tenant);
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } finally {
            connection.rollback();
        }
    }
}
