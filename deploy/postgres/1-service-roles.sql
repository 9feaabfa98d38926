-- Three roles for the service ${service}; run once per service in the maintenance database.
-- owner owns database, schemas and tables and can never log in; migrator becomes the owner and changes tables;
-- service reads and writes rows, owns nothing and cannot pass by row-level security.
-- Passwords are set afterwards as SCRAM verifiers, so that none is ever part of a statement.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${service}_owner') THEN
    CREATE ROLE ${service}_owner NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${service}_migrator') THEN
    CREATE ROLE ${service}_migrator LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${service}_service') THEN
    CREATE ROLE ${service}_service LOGIN;
  END IF;
END
$$;

ALTER ROLE ${service}_owner NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ${service}_migrator NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE ${service}_service NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

GRANT ${service}_owner TO ${service}_migrator WITH ADMIN FALSE, INHERIT FALSE, SET TRUE;
ALTER ROLE ${service}_migrator SET role TO ${service}_owner;
ALTER ROLE ${service}_migrator SET search_path TO data, kit;
ALTER ROLE ${service}_service SET search_path TO data, kit;
