package dk.elleve.kit.guard;

import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Refuses to start a service whose role could look past row-level security, or whose tables are not
/// covered by it, or whose changes the log would not see in full. Says everything that is wrong at
/// once.
final class DatabaseGuardStore implements InitializingBean {

    private final JdbcClient jdbc;

    DatabaseGuardStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void afterPropertiesSet() {
        var wrong = new ArrayList<String>();
        wrong.addAll(powers());
        wrong.addAll(tables());
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(
                    "The database is not safe to work in:\n  - " + String.join("\n  - ", wrong));
        }
    }

    private List<String> powers() {
        return jdbc.sql("""
                        SELECT 'role ' || current_user || ' is a superuser: give the service its own role'
                        FROM pg_roles WHERE rolname = current_user AND rolsuper
                        UNION ALL
                        SELECT 'role ' || current_user || ' has BYPASSRLS: ALTER ROLE ' || current_user || ' NOBYPASSRLS'
                        FROM pg_roles WHERE rolname = current_user AND rolbypassrls
                        UNION ALL
                        SELECT 'role ' || current_user || ' may become ' || r.rolname || ', which owns tables: REVOKE it'
                        FROM pg_roles r
                        WHERE r.rolname <> current_user
                          AND pg_has_role(current_user, r.oid, 'MEMBER')
                          AND EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
                        UNION ALL
                        SELECT 'role ' || current_user || ' may become ' || r.rolname || ', which looks past the policies: REVOKE it'
                        FROM pg_roles r
                        WHERE r.rolname <> current_user
                          AND pg_has_role(current_user, r.oid, 'MEMBER')
                          AND (r.rolsuper OR r.rolbypassrls)
                          AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                        UNION ALL
                        SELECT 'role ' || current_user || ' owns table ' || c.oid::regclass || ': tables belong to a NOLOGIN role'
                        FROM pg_class c
                        WHERE c.relkind IN ('r', 'p') AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
                        UNION ALL
                        SELECT 'role ' || current_user || ' may create in schema ' || nspname || ': REVOKE CREATE'
                        FROM pg_namespace
                        WHERE nspname IN ('data', 'kit', 'public') AND has_schema_privilege(current_user, oid, 'CREATE')
                        """).query((row, i) -> row.getString(1)).list();
    }

    private List<String> tables() {
        return jdbc.sql("""
                        WITH business AS (
                            SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
                                   EXISTS (SELECT FROM pg_attribute a
                                           WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS of_tenant,
                                   -- what the service may only read, such as the log of structure changes, is captured by its owner
                                   has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE') AS writable
                            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                            WHERE n.nspname = 'data' AND c.relkind IN ('r', 'p')
                              AND has_table_privilege(current_user, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
                        SELECT name || ' has tenant_id but no forced row-level security with a policy: SELECT kit.tenant_owned('''
                               || name || ''')'
                        FROM business
                        WHERE of_tenant AND NOT (relrowsecurity AND relforcerowsecurity
                                                 AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = business.oid))
                        UNION ALL
                        SELECT name || ' has the policy ' || p.polname || ', which does not ask for the tenant: it opens the table to all'
                        FROM business JOIN pg_policy p ON p.polrelid = business.oid
                        WHERE of_tenant AND p.polpermissive
                          AND (coalesce(pg_get_expr(p.polqual, p.polrelid), 'elleve.tenant') NOT LIKE '%elleve.tenant%'
                               OR coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'elleve.tenant') NOT LIKE '%elleve.tenant%')
                        UNION ALL
                        SELECT name || ' is not captured in full: SELECT kit.captured(''' || name || ''')'
                        FROM business
                        WHERE writable AND relreplident <> 'f'
                        UNION ALL
                        SELECT name || ' does not tell who changes it: SELECT kit.captured(''' || name || ''')'
                        FROM business
                        WHERE writable
                          AND NOT EXISTS (SELECT FROM pg_trigger t
                                          WHERE t.tgrelid = business.oid AND t.tgname = 'tell_session' AND t.tgenabled = 'A')
                        UNION ALL
                        SELECT name || ' has a primary key that does not start with tenant_id: its errors would tell other tenants'
                        FROM business
                        WHERE of_tenant AND EXISTS (
                            SELECT FROM pg_policy p WHERE p.polrelid = business.oid AND p.polname = 'tenant_owned')
                          AND EXISTS (
                            SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                            WHERE i.indrelid = business.oid AND i.indisprimary AND a.attname <> 'tenant_id')
                        UNION ALL
                        SELECT c.oid::regclass || ' is a view that runs as its owner: ALTER VIEW SET (security_invoker = true)'
                        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname IN ('data', 'kit') AND c.relkind = 'v'
                          AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
                        """).query((row, i) -> row.getString(1)).list();
    }
}
