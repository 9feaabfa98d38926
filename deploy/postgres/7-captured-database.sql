-- A database whose changes go into the audit log. Publication and slot stand before the first service starts, so that
-- the first row ever written is captured.

GRANT CONNECT ON DATABASE ${database} TO audit_capture;
GRANT USAGE ON SCHEMA data TO audit_capture;
GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean) TO audit_capture;
GRANT EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, bytea, boolean) TO audit_capture;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'audit_pub') THEN
    CREATE PUBLICATION audit_pub FOR TABLES IN SCHEMA data
      WITH (publish_via_partition_root = true, publish_generated_columns = stored);
  END IF;
END
$$;
