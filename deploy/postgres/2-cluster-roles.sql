-- Roles that belong to no one service: the two that read the WAL, and Keycloak's. Run once per cluster.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'audit_capture') THEN
    CREATE ROLE audit_capture LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backup_wire') THEN
    CREATE ROLE backup_wire LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'keycloak') THEN
    CREATE ROLE keycloak LOGIN;
  END IF;
END
$$;

-- REPLICATION is the right to read every change of every tenant: these two are production access and stand alone.
-- The audit log compares the tables with what it was told of their changes: it reads what it was told anyway.
ALTER ROLE audit_capture NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION BYPASSRLS;
GRANT pg_read_all_data TO audit_capture;
-- A restore drill compares what came back with what is there, table by table. backup_wire gets no new sight by that: it
-- takes the whole cluster over the wire anyway.
ALTER ROLE backup_wire NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION BYPASSRLS;
GRANT pg_read_all_data TO backup_wire;
ALTER ROLE keycloak NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
