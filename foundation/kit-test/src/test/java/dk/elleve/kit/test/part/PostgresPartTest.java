package dk.elleve.kit.test.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.Rig;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresPartTest {

    @Test
    void the_cluster_keeps_checksums_and_logical_wal_and_flushes() throws Exception {
        var database = Rig.postgres().superuser("postgres");

        assertThat(column(database, "SHOW data_checksums")).containsExactly("on");
        assertThat(column(database, "SHOW wal_level")).containsExactly("logical");
        assertThat(column(database, "SHOW fsync")).containsExactly("on");
        assertThat(column(database, "SHOW max_slot_wal_keep_size")).containsExactly("4GB");
        assertThat(column(database, "SELECT version()").getFirst()).startsWith("PostgreSQL 18");
    }

    @Test
    void roles_of_a_service_own_nothing_they_could_abuse() throws Exception {
        var database = Rig.postgres().superuser("breach");

        assertThat(column(database, """
                        SELECT rolname
                        FROM pg_roles
                        WHERE rolname LIKE 'breach%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)
                        """)).isEmpty();
        assertThat(column(database, """
                        SELECT n.nspname || ' ' || pg_get_userbyid(n.nspowner)
                        FROM pg_namespace n
                        WHERE nspname IN ('data', 'kit', 'watch')
                        ORDER BY 1
                        """)).containsExactly("data breach_owner", "kit breach_owner", "watch postgres");
        assertThat(column(database, "SELECT rolname FROM pg_roles WHERE rolname = 'breach_owner' AND rolcanlogin"))
                .isEmpty();
    }

    @Test
    void the_migrator_makes_tables_as_owner_and_the_service_may_only_use_them() throws Exception {
        execute(Rig.postgres().as("identity", "identity_migrator"), "CREATE TABLE data.sample (id INT PRIMARY KEY)");

        var service = Rig.postgres().as("identity", "identity_service");
        execute(service, "INSERT INTO sample VALUES (1)");

        assertThat(column(service, "SELECT id FROM sample")).containsExactly("1");
        assertThat(column(service, "SELECT tableowner FROM pg_tables WHERE tablename = 'sample'"))
                .containsExactly("identity_owner");
        assertThatThrownBy(() -> execute(service, "CREATE TABLE data.other (id INT)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> execute(service, "DROP TABLE sample")).hasMessageContaining("must be owner");
    }

    @Test
    void a_change_of_structure_becomes_a_row_that_its_author_cannot_remove() throws Exception {
        var migrator = Rig.postgres().as("backup", "backup_migrator");
        execute(migrator, "CREATE TABLE data.shape (id INT PRIMARY KEY, amount INT)");
        execute(migrator, "ALTER TABLE data.shape ALTER COLUMN amount TYPE BIGINT USING amount + 1");
        execute(migrator, "DROP TABLE data.shape");

        assertThat(column(Rig.postgres().superuser("backup"), """
                        SELECT event || ' ' || tag || ' ' || session_role || ' ' || active_role
                        FROM data.ddl_log
                        WHERE object IN ('data.shape')
                        ORDER BY id
                        """))
                .containsExactly(
                        "ddl_command_end CREATE TABLE backup_migrator backup_owner",
                        "table_rewrite ALTER TABLE backup_migrator backup_owner",
                        "ddl_command_end ALTER TABLE backup_migrator backup_owner",
                        "sql_drop DROP TABLE backup_migrator backup_owner");
        assertThatThrownBy(() -> execute(migrator, "DELETE FROM data.ddl_log"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void only_signers_may_put_messages_into_the_wal() throws Exception {
        var message = "SELECT pg_logical_emit_message(true, 'audit.test', 'x')";

        assertThatThrownBy(() -> execute(Rig.postgres().as("keycloak", "keycloak"), message))
                .hasMessageContaining("permission denied");
        execute(Rig.postgres().as("breach", "breach_service"), message);
    }

    @Test
    void a_service_reaches_its_own_database_only() {
        assertThatThrownBy(() -> execute(Rig.postgres().as("audit", "breach_service"), "SELECT 1"))
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void every_captured_database_has_its_publication_and_its_slot() throws Exception {
        var slots = column(
                Rig.postgres().superuser("postgres"),
                "SELECT slot_name || ' ' || database || ' ' || plugin FROM pg_replication_slots ORDER BY 1");

        assertThat(slots)
                .containsExactly(
                        "audit_backup backup pgoutput",
                        "audit_breach breach pgoutput",
                        "audit_identity identity pgoutput",
                        "audit_keycloak keycloak pgoutput",
                        "audit_tenant_data tenant_data pgoutput");
        assertThat(column(Rig.postgres().superuser("tenant_data"), "SELECT pubname FROM pg_publication"))
                .containsExactly("audit_pub");
    }

    @Test
    void setting_up_again_changes_nothing_and_says_nothing() throws Exception {
        var database = Rig.postgres().superuser("tenant_data");
        var before = column(database, "SELECT count(*) FROM data.ddl_log");

        new ClusterProvisioner(Rig.postgres()).provision();

        assertThat(column(database, "SELECT count(*) FROM data.ddl_log")).isEqualTo(before);
    }

    @Test
    void keycloak_s_tables_of_an_older_installation_are_captured_from_now_on() throws Exception {
        var postgres = Rig.postgres().superuser("postgres");
        execute(postgres, "CREATE DATABASE older OWNER keycloak");
        try {
            var older = Rig.postgres().superuser("older");
            execute(older, "GRANT ALL ON SCHEMA public TO keycloak");
            execute(older, "SET ROLE keycloak; CREATE TABLE public.databasechangelog AS SELECT 1 AS id");

            execute(older, Parts.text("/postgres/5-keycloak-database.sql"));
            execute(older, Parts.text("/postgres/5-keycloak-database.sql"));

            assertThat(column(older, "SELECT id FROM data.databasechangelog")).containsExactly("1");
            assertThat(column(
                            older, "SELECT tgname FROM pg_trigger WHERE tgrelid = 'data.databasechangelog'::regclass"))
                    .containsExactly("tell_session");
            assertThat(column(older, "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'data'"))
                    .containsExactly("postgres");
            assertThat(column(older, "SELECT to_regnamespace('public')")).containsExactly("public");
            execute(older, "SET ROLE keycloak; CREATE TABLE data.made AS SELECT 1 AS id; UPDATE data.made SET id = 2");
            assertThat(column(older, "SELECT relreplident FROM pg_class WHERE oid = 'data.made'::regclass"))
                    .containsExactly("f");
            assertThatThrownBy(() -> execute(older, "SET ROLE keycloak; CREATE TABLE public.made (id INT)"))
                    .hasMessageContaining("permission denied for schema public");
        } finally {
            execute(postgres, "DROP DATABASE older WITH (FORCE)");
        }
    }

    @Test
    void a_killed_server_comes_back_with_everything_that_was_committed() throws Exception {
        var place = new Place(Rig.place().root().resolve("killed"));
        var part = new PostgresPart(Parts.standard(), place, Ports.free(), Rig.secrets());
        try {
            part.start();
            part.awaitReady(Duration.ofSeconds(60));
            execute(part.superuser("postgres"), "CREATE TABLE kept (id INT)");
            execute(part.superuser("postgres"), "INSERT INTO kept VALUES (11)");

            part.kill();
            assertThat(part.running()).isFalse();
            part.start();
            part.awaitReady(Duration.ofSeconds(60));

            assertThat(column(part.superuser("postgres"), "SELECT id FROM kept"))
                    .containsExactly("11");
        } finally {
            part.stop();
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> column(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
