-- This service's own copy of identity's tenants. A closed tenant keeps its row, so that a late event cannot open it again.
CREATE TABLE data.tenant (
    tenant_id  text PRIMARY KEY,
    name       text NOT NULL,
    state      text NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
    key_id     text,
    opened_at  timestamptz,
    closes_at  timestamptz,
    closed_at  timestamptz,
    changed_at timestamptz NOT NULL
);
SELECT kit.captured('data.tenant');
SELECT kit.tenant_or_platform('data.tenant');

CREATE TABLE data.area (
    tenant_id       text NOT NULL REFERENCES data.tenant,
    area            text NOT NULL,
    purpose         text NOT NULL,
    legal_basis     text NOT NULL,
    data_subjects   text[] NOT NULL,
    data_categories text[] NOT NULL,
    recipients      text[] NOT NULL,
    retention       text NOT NULL,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, area)
);
SELECT kit.captured('data.area');
SELECT kit.tenant_owned('data.area');

-- json and not jsonb: the order of the properties is the order people see.
CREATE TABLE data.collection (
    tenant_id      text NOT NULL,
    area           text NOT NULL,
    collection     text NOT NULL,
    schema         json NOT NULL,
    retention_from text,
    version        bigint NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, area, collection),
    FOREIGN KEY (tenant_id, area) REFERENCES data.area
);
SELECT kit.captured('data.collection');
SELECT kit.tenant_owned('data.collection');

-- fields: what is not personal, in clear. sealed: each personal field by itself, encrypted before it came here.
CREATE TABLE data.record (
    tenant_id  text NOT NULL,
    area       text NOT NULL,
    collection text NOT NULL,
    id         uuid NOT NULL,
    version    bigint NOT NULL,
    key_id     text NOT NULL,
    fields     jsonb NOT NULL,
    sealed     jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, area, collection, id),
    FOREIGN KEY (tenant_id, area, collection) REFERENCES data.collection
);
CREATE INDEX record_created ON data.record (tenant_id, area, collection, created_at, id);
CREATE INDEX record_updated ON data.record (tenant_id, area, collection, updated_at, id);
SELECT kit.captured('data.record');
SELECT kit.tenant_owned('data.record');

-- What makes searchable fields findable. Only operators that PostgreSQL knows to be leakproof can use an index under
-- row-level security, hence plain typed columns. A personal field stands here as a keyed hash and as nothing else; the
-- typed values narrow a search, and the record itself decides.
CREATE TABLE data.record_index (
    tenant_id    text NOT NULL,
    area         text NOT NULL,
    collection   text NOT NULL,
    field        text NOT NULL,
    record_id    uuid NOT NULL,
    text_value   text,
    number_value float8,
    time_value   timestamptz,
    blind        bytea,
    PRIMARY KEY (tenant_id, area, collection, record_id, field),
    FOREIGN KEY (tenant_id, area, collection, record_id) REFERENCES data.record ON DELETE CASCADE
);
CREATE INDEX record_index_text ON data.record_index (tenant_id, area, collection, field, text_value)
    WHERE text_value IS NOT NULL;
CREATE INDEX record_index_number ON data.record_index (tenant_id, area, collection, field, number_value)
    WHERE number_value IS NOT NULL;
CREATE INDEX record_index_time ON data.record_index (tenant_id, area, collection, field, time_value)
    WHERE time_value IS NOT NULL;
CREATE INDEX record_index_blind ON data.record_index (tenant_id, area, collection, field, blind)
    WHERE blind IS NOT NULL;
SELECT kit.captured('data.record_index');
SELECT kit.tenant_owned('data.record_index');
