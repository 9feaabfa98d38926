-- A service's database: `data` for business tables, `kit` for the mechanism around them, both owned by a role that
-- cannot log in; `watch` for what the owner must not be able to change.

GRANT CONNECT ON DATABASE ${database} TO ${service}_migrator;
GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${service}_service;

CREATE SCHEMA IF NOT EXISTS data AUTHORIZATION ${service}_owner;
CREATE SCHEMA IF NOT EXISTS kit AUTHORIZATION ${service}_owner;
CREATE SCHEMA IF NOT EXISTS watch;

GRANT USAGE ON SCHEMA data, kit TO ${service}_service;
ALTER DEFAULT PRIVILEGES FOR ROLE ${service}_owner IN SCHEMA data, kit
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${service}_service;
ALTER DEFAULT PRIVILEGES FOR ROLE ${service}_owner IN SCHEMA data, kit
  GRANT USAGE, SELECT ON SEQUENCES TO ${service}_service;

GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) TO ${service}_owner, ${service}_service;
GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, bytea, boolean) TO ${service}_owner, ${service}_service;

-- Every change of structure becomes a row, and so an entry of the audit log. The table belongs to the superuser: the
-- owner of the data can neither empty it nor stop the triggers that fill it.
CREATE TABLE IF NOT EXISTS data.ddl_log (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  transaction_id XID8 NOT NULL DEFAULT pg_current_xact_id(),
  event TEXT NOT NULL,
  tag TEXT NOT NULL,
  object_type TEXT,
  object TEXT,
  session_role TEXT NOT NULL DEFAULT session_user,
  active_role TEXT NOT NULL,
  application TEXT NOT NULL DEFAULT current_setting('application_name'),
  client INET DEFAULT inet_client_addr(),
  statement TEXT NOT NULL
);
ALTER TABLE data.ddl_log REPLICA IDENTITY FULL;
REVOKE ALL ON data.ddl_log FROM PUBLIC, ${service}_owner, ${service}_service;
GRANT SELECT ON data.ddl_log TO ${service}_service;

CREATE OR REPLACE FUNCTION watch.ddl_log() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  acting TEXT := coalesce(nullif(current_setting('role'), 'none'), session_user);
  said TEXT := left(current_query(), 4000);
BEGIN
  CASE TG_EVENT
    WHEN 'sql_drop' THEN
      INSERT INTO data.ddl_log (event, tag, object_type, object, active_role, statement)
      SELECT TG_EVENT, TG_TAG, o.object_type, o.object_identity, acting, said
      FROM pg_event_trigger_dropped_objects() o
      WHERE o.original AND NOT o.is_temporary;
    WHEN 'table_rewrite' THEN
      INSERT INTO data.ddl_log (event, tag, object_type, object, active_role, statement)
      SELECT TG_EVENT, TG_TAG, 'table', pg_event_trigger_table_rewrite_oid()::regclass::text, acting, said
      FROM pg_class c
      WHERE c.oid = pg_event_trigger_table_rewrite_oid() AND c.relpersistence <> 't';
    ELSE
      INSERT INTO data.ddl_log (event, tag, object_type, object, active_role, statement)
      SELECT TG_EVENT, TG_TAG, o.object_type, o.object_identity, acting, said
      FROM pg_event_trigger_ddl_commands() o
      WHERE o.schema_name IS DISTINCT FROM 'pg_temp';
  END CASE;
END
$$;
REVOKE ALL ON FUNCTION watch.ddl_log() FROM PUBLIC;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'watch_command') THEN
    CREATE EVENT TRIGGER watch_command ON ddl_command_end EXECUTE FUNCTION watch.ddl_log();
    ALTER EVENT TRIGGER watch_command ENABLE ALWAYS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'watch_drop') THEN
    CREATE EVENT TRIGGER watch_drop ON sql_drop EXECUTE FUNCTION watch.ddl_log();
    ALTER EVENT TRIGGER watch_drop ENABLE ALWAYS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'watch_rewrite') THEN
    CREATE EVENT TRIGGER watch_rewrite ON table_rewrite EXECUTE FUNCTION watch.ddl_log();
    ALTER EVENT TRIGGER watch_rewrite ENABLE ALWAYS;
  END IF;
END
$$;
