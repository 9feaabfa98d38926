package dk.elleve.kit.guard;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.KitRig;
import dk.elleve.kit.test.Rig;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One hole at a time, in the real database: the guard names it and says how it is closed.
class DatabaseGuardTest extends KitRig {

    static final String AS_OWNER = "SET ROLE breach_owner";
    static final String TABLE = "CREATE TABLE data.hole (tenant_id text, id text, PRIMARY KEY (tenant_id, id))";
    static final String CAPTURED = "SELECT kit.captured('data.hole')";
    static final String OWNED = "SELECT kit.tenant_owned('data.hole')";

    final DatabaseGuardStore guard =
            new DatabaseGuardStore(JdbcClient.create(Rig.postgres().as("breach", "breach_service")));

    @AfterEach
    void the_hole_is_closed_again() throws SQLException {
        sql(
                "DROP VIEW IF EXISTS data.hole_view",
                "DROP TABLE IF EXISTS data.hole",
                "ALTER ROLE breach_service NOSUPERUSER NOBYPASSRLS",
                "REVOKE breach_owner FROM breach_service",
                "REVOKE backup_wire FROM breach_service",
                "REVOKE CREATE ON SCHEMA data FROM breach_service");
        assertThatCode(guard::afterPropertiesSet).doesNotThrowAnyException();
    }

    @Test
    void a_covered_table_lets_the_service_start() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED);
        assertThatCode(guard::afterPropertiesSet).doesNotThrowAnyException();
    }

    @Test
    void a_superuser_is_refused() throws SQLException {
        sql("ALTER ROLE breach_service SUPERUSER");
        refused("role breach_service is a superuser");
    }

    @Test
    void a_role_with_bypassrls_is_refused() throws SQLException {
        sql("ALTER ROLE breach_service BYPASSRLS");
        refused("role breach_service has BYPASSRLS");
    }

    @Test
    void the_owner_of_a_table_is_refused() throws SQLException {
        sql(TABLE, CAPTURED, OWNED, "ALTER TABLE data.hole OWNER TO breach_service");
        refused("role breach_service owns table");
    }

    @Test
    void a_role_that_may_become_the_owner_is_refused() throws SQLException {
        sql("GRANT breach_owner TO breach_service WITH INHERIT FALSE, SET TRUE");
        refused("may become breach_owner, which owns tables");
    }

    @Test
    void a_role_that_may_become_one_with_bypassrls_is_refused() throws SQLException {
        sql("GRANT backup_wire TO breach_service WITH INHERIT FALSE, SET TRUE");
        refused("may become backup_wire, which looks past the policies");
    }

    @Test
    void a_role_that_may_make_tables_is_refused() throws SQLException {
        sql("GRANT CREATE ON SCHEMA data TO breach_service");
        refused("may create in schema data");
    }

    @Test
    void a_table_without_row_level_security_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED);
        refused("data.hole has tenant_id but no forced row-level security");
    }

    @Test
    void a_table_whose_security_is_not_forced_on_its_owner_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "ALTER TABLE data.hole NO FORCE ROW LEVEL SECURITY");
        refused("data.hole has tenant_id but no forced row-level security");
    }

    @Test
    void a_table_without_a_policy_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "DROP POLICY tenant_owned ON data.hole");
        refused("data.hole has tenant_id but no forced row-level security with a policy");
    }

    @Test
    void a_policy_that_lets_everybody_see_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "CREATE POLICY for_reports ON data.hole FOR SELECT USING (true)");
        refused("has the policy for_reports, which does not ask for the tenant");
    }

    @Test
    void a_table_that_the_service_may_only_read_is_held_to_the_same() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, "REVOKE INSERT, UPDATE, DELETE ON data.hole FROM breach_service");
        refused("data.hole has tenant_id but no forced row-level security");
    }

    @Test
    void a_table_whose_changes_would_not_be_seen_in_full_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "ALTER TABLE data.hole REPLICA IDENTITY DEFAULT");
        refused("data.hole is not captured in full");
    }

    @Test
    void a_table_that_does_not_tell_who_changes_it_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "ALTER TABLE data.hole DISABLE TRIGGER tell_session");
        refused("data.hole does not tell who changes it");
    }

    @Test
    void a_view_that_runs_as_its_owner_is_refused() throws SQLException {
        sql(AS_OWNER, TABLE, CAPTURED, OWNED, "CREATE VIEW data.hole_view AS SELECT * FROM data.hole");
        refused("hole_view is a view that runs as its owner");
    }

    private void refused(String reason) {
        assertThatThrownBy(guard::afterPropertiesSet)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(reason);
    }
}
