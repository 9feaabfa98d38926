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
  session_role TEXT NOT NULL,
  active_role TEXT NOT NULL,
  application TEXT NOT NULL DEFAULT current_setting('application_name'),
  client INET DEFAULT inet_client_addr(),
  statement TEXT NOT NULL
);
ALTER TABLE data.ddl_log REPLICA IDENTITY FULL;
-- A superuser may take on any login's name (SET SESSION AUTHORIZATION); the one that he showed a password for stays.
ALTER TABLE data.ddl_log ALTER session_role
  SET DEFAULT CASE WHEN system_user LIKE 'scram-sha-256:%' THEN substr(system_user, 15) ELSE session_user END;
REVOKE ALL ON data.ddl_log FROM PUBLIC, ${owner}, ${reader};
GRANT SELECT ON data.ddl_log TO ${reader};

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
