-- Keycloak makes its own tables in its own database.

GRANT ALL ON SCHEMA public TO keycloak;
