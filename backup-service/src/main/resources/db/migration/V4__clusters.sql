-- Several clusters share this catalogue, each with a process of its own.

-- Changes when a cluster comes, is called something else, or is retired: all that is business.
CREATE TABLE data.cluster (
    id     text PRIMARY KEY,
    name   text NOT NULL,
    drills boolean NOT NULL,
    since  timestamptz NOT NULL
);
COMMENT ON COLUMN data.cluster.id IS 'the system identifier';
COMMENT ON COLUMN data.cluster.drills IS 'whether restore drills are set up for it';
SELECT kit.captured('data.cluster');

-- Written every minute by every process, so they must not fill the audit log; and of schema data
-- everything is published to it, declared or not. Nothing is lost: what is measured goes into the log
-- as evidence.
CREATE TABLE kit.cluster_seen (
    cluster text PRIMARY KEY REFERENCES data.cluster ON DELETE CASCADE,
    at      timestamptz NOT NULL
);
COMMENT ON TABLE kit.cluster_seen IS 'when a cluster''s process last said that it lives';

CREATE TABLE kit.cluster_claim (
    cluster text NOT NULL REFERENCES data.cluster ON DELETE CASCADE,
    claim   text NOT NULL,
    holds   boolean NOT NULL,
    at      timestamptz NOT NULL,
    facts   jsonb NOT NULL,
    PRIMARY KEY (cluster, claim)
);
COMMENT ON TABLE kit.cluster_claim IS 'the newest measurement of each claim in each cluster';

-- An erasure stands in the journal of every cluster, and is proven in each.
ALTER TABLE data.erasure
    DROP CONSTRAINT erasure_pkey,
    ADD PRIMARY KEY (cluster, id);

-- Tasks carry their cluster's name now; the rows of the old names would be late for ever.
DELETE FROM kit.scheduled_tasks
WHERE task_name IN ('backup-runs', 'backup-watch', 'backup-drills', 'backup-verify', 'backup-keys');
