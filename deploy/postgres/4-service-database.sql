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
