-- What the rows of each source's tables add up to, by the changes taken over. The table without a name stands for the
-- whole source: where it is missing, no table of it was ever compared. The columns cut_… say how it was at the last cut.
CREATE TABLE data.fingerprint (
    system_id     text NOT NULL,
    timeline      int NOT NULL,
    database      text NOT NULL,
    table_name    text NOT NULL,
    rows          bigint NOT NULL,
    sum           bytea NOT NULL, -- sealed
    unknown_since bigint,         -- from this position on the sum has no known beginning
    cut_rows      bigint,
    cut_sum       bytea,
    cut_known     boolean,
    PRIMARY KEY (system_id, timeline, database, table_name)
);
SELECT kit.captured('data.fingerprint');

-- A comparison under way: the position its live rows were read at. Changes are taken over up to there, then it is cut.
CREATE TABLE data.cut (
    system_id text NOT NULL,
    timeline  int NOT NULL,
    database  text NOT NULL,
    id        uuid NOT NULL,
    position  bigint NOT NULL,
    made_at   timestamptz NOT NULL,
    is_cut    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (system_id, timeline, database)
);
SELECT kit.captured('data.cut');

-- What comparisons came to.
CREATE TABLE data.reconciliation (
    id       uuid PRIMARY KEY,
    database text NOT NULL,
    began    timestamptz NOT NULL,
    ended    timestamptz NOT NULL,
    position bigint NOT NULL,
    outcome  text NOT NULL,
    rows     bigint NOT NULL,
    tables   jsonb NOT NULL
);
CREATE INDEX ON data.reconciliation (ended, id);
SELECT kit.captured('data.reconciliation');
REVOKE UPDATE, DELETE ON data.reconciliation FROM audit_service;
