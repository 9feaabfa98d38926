-- What the service remembers of its work. The vault alone is the truth about backups: every row of a completed run can
-- be written again from it.

CREATE TABLE data.backup_run (
    id             text PRIMARY KEY,
    cluster        text NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('full', 'incremental')),
    state          text NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed')),
    cause          text NOT NULL,
    requested_at   timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz,
    bytes_read     bigint,
    bytes_stored   bigint,
    start_lsn      pg_lsn,
    end_lsn        pg_lsn,
    reason         text
);
-- Never two runs of a cluster at once.
CREATE UNIQUE INDEX backup_run_one_active ON data.backup_run (cluster) WHERE state IN ('queued', 'running');
CREATE INDEX backup_run_newest ON data.backup_run (requested_at DESC, id DESC);
SELECT kit.captured('data.backup_run');

-- WAL that was lost before it was in the vault.
CREATE TABLE data.wal_gap (
    cluster    text NOT NULL,
    timeline   int NOT NULL,
    from_lsn   pg_lsn NOT NULL,
    to_lsn     pg_lsn NOT NULL,
    safe_until timestamptz NOT NULL,
    found_at   timestamptz NOT NULL,
    PRIMARY KEY (cluster, timeline, from_lsn)
);
SELECT kit.captured('data.wal_gap');

-- Restores that were tried, and what came of them.
CREATE TABLE data.drill (
    id             text PRIMARY KEY,
    cluster        text NOT NULL,
    state          text NOT NULL CHECK (state IN ('queued', 'running', 'passed', 'failed')),
    cause          text NOT NULL,
    requested_at   timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz,
    backup         text,
    position       pg_lsn,
    restored_to    timestamptz,
    recovery_time  bigint,
    recovery_point bigint,
    tables         int,
    records        bigint,
    reason         text
);
COMMENT ON COLUMN data.drill.recovery_time IS 'milliseconds from the order to a database that answers';
COMMENT ON COLUMN data.drill.recovery_point IS 'milliseconds of work that would have been lost at the start of the drill';
CREATE UNIQUE INDEX drill_one_active ON data.drill (cluster) WHERE state IN ('queued', 'running');
CREATE INDEX drill_newest ON data.drill (requested_at DESC, id DESC);
SELECT kit.captured('data.drill');
