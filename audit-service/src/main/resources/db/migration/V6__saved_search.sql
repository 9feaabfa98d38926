-- What people look for again and again: its name and filter may name persons and are sealed.
CREATE TABLE data.saved_search (
    id               uuid PRIMARY KEY,
    tenant_id        text,
    owner            text NOT NULL,
    under_tenant_key boolean NOT NULL,
    sealed           bytea NOT NULL,
    created_at       timestamptz NOT NULL
);
CREATE INDEX ON data.saved_search (created_at, id);
SELECT kit.captured('data.saved_search');
SELECT kit.tenant_or_platform('data.saved_search');
