-- Keycloak makes its own tables in its own database: in schema `data`, like everybody whose changes go into the audit
-- log. It owns its tables and neither the schema nor `watch`.

-- An installation from before they were captured has them in `public`.
DO $$
BEGIN
  IF to_regclass('public.databasechangelog') IS NOT NULL AND to_regnamespace('data') IS NULL THEN
    ALTER SCHEMA public RENAME TO data;
    ALTER SCHEMA data OWNER TO CURRENT_USER;
    CREATE SCHEMA public;
  END IF;
END
$$;
-- Nowhere else: a Keycloak that was not told its schema stops, instead of starting with an empty realm that nobody sees.
ALTER SCHEMA public OWNER TO CURRENT_USER;
REVOKE ALL ON SCHEMA public FROM keycloak;
CREATE SCHEMA IF NOT EXISTS data;
CREATE SCHEMA IF NOT EXISTS watch;
GRANT USAGE, CREATE ON SCHEMA data TO keycloak;

-- Says in the WAL which login changes a table, once per transaction. Keycloak signs nothing: this is all that is known of
-- who made a change, and it is enough to tell Keycloak from everybody else. A superuser may take on any login's name
-- (SET SESSION AUTHORIZATION); the one that he showed a password for stays.
CREATE OR REPLACE FUNCTION watch.tell_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF current_setting('elleve.told', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM pg_logical_emit_message(true, 'audit.session', json_build_object(
      'role', CASE WHEN system_user LIKE 'scram-sha-256:%' THEN substr(system_user, 15) ELSE session_user END,
      'application', current_setting('application_name', true),
      'address', coalesce(host(inet_client_addr()), 'socket'),
      'pid', pg_backend_pid())::text);
    PERFORM set_config('elleve.told', pg_current_xact_id()::text, true);
  END IF;
  RETURN NULL;
END
$$;

-- A table's changes are seen by the audit log in full, with who was connected.
CREATE OR REPLACE FUNCTION watch.capture(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = target AND tgname = 'tell_session') THEN
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', target);
    EXECUTE format('CREATE TRIGGER tell_session AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION watch.tell_session()', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER tell_session', target);
  END IF;
END
$$;

-- Keycloak makes and changes its tables itself, at its first start and with each of its versions.
CREATE OR REPLACE FUNCTION watch.capture_made() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM watch.capture(made.objid)
  FROM pg_event_trigger_ddl_commands() made
  WHERE made.object_type = 'table' AND made.schema_name = 'data';
END
$$;
REVOKE ALL ON FUNCTION watch.tell_session(), watch.capture(regclass), watch.capture_made() FROM PUBLIC;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'watch_made') THEN
    CREATE EVENT TRIGGER watch_made ON ddl_command_end
      WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
      EXECUTE FUNCTION watch.capture_made();
    ALTER EVENT TRIGGER watch_made ENABLE ALWAYS;
  END IF;
END
$$;

SELECT watch.capture(c.oid)
FROM pg_class c
WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r' AND c.relname <> 'ddl_log';
