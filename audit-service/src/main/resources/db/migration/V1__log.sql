-- An event on its way into the log and ever after: its text sealed, beside it what may be searched. Insert only.
CREATE TABLE data.entry (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id         uuid NOT NULL UNIQUE,
    tenant_id        text,
    kind             text NOT NULL,
    flags            text[] NOT NULL,
    marks            text[] NOT NULL, -- the leaf's flags
    time             timestamptz NOT NULL,
    under_tenant_key boolean NOT NULL,
    key_id           uuid NOT NULL,
    pseudonym        bytea NOT NULL,
    payload          bytea NOT NULL,
    ciphertext_hash  bytea NOT NULL,
    commitment       bytea NOT NULL,
    actor_index      bytea NOT NULL,
    resource_index   bytea NOT NULL,
    table_index      bytea NOT NULL
);
-- "Has every change an author?" is asked every two seconds.
CREATE INDEX ON data.entry (time) WHERE flags && '{unattributed,forged,replayed,gap}';
SELECT kit.captured('data.entry');
SELECT kit.tenant_or_platform('data.entry');

-- Entries without a place in the log. A row is small, so that taking it away costs little.
CREATE TABLE data.waiting (
    entry_id bigint PRIMARY KEY
);
SELECT kit.captured('data.waiting');

-- The log: one row for each leaf, with what lists are filtered by.
CREATE TABLE data.leaf (
    index          bigint PRIMARY KEY,
    entry_id       bigint NOT NULL UNIQUE,
    event_id       uuid NOT NULL UNIQUE,
    tenant_id      text,
    kind           text NOT NULL,
    flags          text[] NOT NULL,
    time           timestamptz NOT NULL,
    actor_index    bytea NOT NULL,
    resource_index bytea NOT NULL,
    table_index    bytea NOT NULL,
    bytes          bytea NOT NULL
);
CREATE INDEX ON data.leaf (tenant_id, index);
CREATE INDEX ON data.leaf (kind, index);
CREATE INDEX ON data.leaf (actor_index, index);
CREATE INDEX ON data.leaf (resource_index, index);
CREATE INDEX ON data.leaf (table_index, index);
CREATE INDEX ON data.leaf USING gin (flags) WHERE flags <> '{}';
SELECT kit.captured('data.leaf');
SELECT kit.tenant_or_platform('data.leaf');

-- The newest link of each tenant's chain.
CREATE TABLE data.chain (
    pseudonym  bytea PRIMARY KEY,
    sequence   bigint NOT NULL,
    last_index bigint NOT NULL
);
SELECT kit.captured('data.chain');

-- One row: how far the log is decided (size), and how far its tiles are stored (integrated).
CREATE TABLE data.tree (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    size            bigint NOT NULL,
    root            bytea NOT NULL,
    edge            bytea NOT NULL,
    integrated_size bigint NOT NULL,
    integrated_root bytea NOT NULL,
    CHECK (integrated_size <= size)
);
INSERT INTO data.tree
VALUES (true, 0, sha256(''), '', 0, sha256(''));
SELECT kit.captured('data.tree');

-- One row: the newest tree head that may have been signed, and the newest that was shown.
CREATE TABLE data.promise (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    signed_size    bigint NOT NULL,
    signed_root    bytea NOT NULL,
    published_size bigint NOT NULL,
    note           text,
    published_at   timestamptz,
    CHECK (published_size <= signed_size)
);
INSERT INTO data.promise
VALUES (true, 0, sha256(''), 0, NULL, NULL);
SELECT kit.captured('data.promise');

-- How far each source has been taken over. An LSN means nothing without its cluster and timeline.
CREATE TABLE data.watermark (
    system_id    text NOT NULL,
    timeline     int NOT NULL,
    database     text NOT NULL,
    commit_lsn   bigint NOT NULL,
    released_lsn bigint NOT NULL, -- the slot was never told more than this
    PRIMARY KEY (system_id, timeline, database)
);
SELECT kit.captured('data.watermark');

-- The newest measurement of each claim, and the newest one that held.
CREATE TABLE data.claim_proof (
    claim       text PRIMARY KEY,
    holds       boolean NOT NULL,
    measured_at timestamptz NOT NULL,
    facts       text NOT NULL,
    event_id    uuid NOT NULL,
    proven_at   timestamptz,
    proof_event uuid
);
SELECT kit.captured('data.claim_proof');

CREATE TABLE data.answer_state (
    number int NOT NULL,
    since  timestamptz NOT NULL,
    until  timestamptz,
    state  text NOT NULL,
    PRIMARY KEY (number, since)
);
SELECT kit.captured('data.answer_state');

-- What is logged stays as it is, for the service too.
REVOKE UPDATE, DELETE ON data.entry, data.leaf FROM audit_service;
