-- Incremental backups stand on a full one; a run that was broken off is taken up again.

ALTER TABLE data.backup_run
    ADD COLUMN base     text,
    ADD COLUMN blocks   bigint,
    ADD COLUMN stored   bigint,
    ADD COLUMN damages  int NOT NULL DEFAULT 0,
    ADD COLUMN manifest text,
    ADD COLUMN attempts int NOT NULL DEFAULT 0;
COMMENT ON COLUMN data.backup_run.base IS 'the full backup in whose packs unchanged blocks lie';
COMMENT ON COLUMN data.backup_run.blocks IS 'blocks of all files';
COMMENT ON COLUMN data.backup_run.stored IS 'blocks that lie in packs of the backup itself';
COMMENT ON COLUMN data.backup_run.damages IS 'pages that were wrong on the server when it was taken';
COMMENT ON COLUMN data.backup_run.manifest IS 'SHA-256 of the manifest: by this row it stands in the audit log';
COMMENT ON COLUMN data.backup_run.attempts IS 'how often the run was begun';

ALTER TABLE data.backup_run
    DROP CONSTRAINT backup_run_state_check,
    ADD CONSTRAINT backup_run_state_check CHECK (state IN ('queued', 'running', 'completed', 'failed', 'expired', 'damaged'));

-- Readings of what lies in the vault.
CREATE TABLE data.verification (
    id           text PRIMARY KEY,
    cluster      text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('whole', 'sample')),
    state        text NOT NULL CHECK (state IN ('queued', 'running', 'passed', 'failed')),
    cause        text NOT NULL,
    requested_at timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    position     text NOT NULL DEFAULT '',
    objects      bigint NOT NULL DEFAULT 0,
    total        bigint NOT NULL DEFAULT 0,
    bytes        bigint NOT NULL DEFAULT 0,
    problems     jsonb NOT NULL DEFAULT '[]',
    orphans      jsonb NOT NULL DEFAULT '[]',
    reason       text
);
COMMENT ON COLUMN data.verification.position IS 'the last object that was read: a reading that was broken off goes on behind it';
COMMENT ON COLUMN data.verification.problems IS 'objects that are missing or damaged, with what is wrong';
COMMENT ON COLUMN data.verification.orphans IS 'objects that belong to nothing';
CREATE UNIQUE INDEX verification_one_active ON data.verification (cluster) WHERE state IN ('queued', 'running');
CREATE INDEX verification_newest ON data.verification (requested_at DESC, id DESC);
SELECT kit.captured('data.verification');

-- What the tables held at moments of the past, so that a drill can restore any of them and compare.
CREATE TABLE data.content_mark (
    cluster  text NOT NULL,
    position pg_lsn NOT NULL,
    taken_at timestamptz NOT NULL,
    tables   jsonb NOT NULL,
    PRIMARY KEY (cluster, position)
);
COMMENT ON COLUMN data.content_mark.tables IS 'of each table the number of its rows and a digest of them';
SELECT kit.captured('data.content_mark');
