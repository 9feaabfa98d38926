-- A tenant's name is a company's, not a person's. People are in Keycloak only.
CREATE TABLE data.tenant (
    tenant_id  text PRIMARY KEY,
    name       text NOT NULL,
    state      text NOT NULL CHECK (state IN ('opening', 'open', 'closing', 'closed')),
    asked_at   timestamptz NOT NULL,
    opened_at  timestamptz,
    closes_at  timestamptz,
    closed_at  timestamptz
);
SELECT kit.captured('data.tenant');
SELECT kit.tenant_or_platform('data.tenant');
CREATE INDEX ON data.tenant (state) WHERE state IN ('opening', 'closing');
