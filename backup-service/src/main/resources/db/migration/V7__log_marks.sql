-- What the tables of a cluster must hold by the log of their changes, as audit-service tells it once a day: a drill restores such
-- a moment and compares.
CREATE TABLE data.log_mark (
    cluster    text NOT NULL,
    timeline   int NOT NULL,
    position   pg_lsn NOT NULL,
    database   text NOT NULL,
    taken_at   timestamptz NOT NULL,
    key_id     text NOT NULL,
    complete   boolean NOT NULL,
    comparable int NOT NULL,
    tables     jsonb NOT NULL,
    PRIMARY KEY (cluster, timeline, position, database)
);
COMMENT ON COLUMN data.log_mark.key_id IS 'names the key of the commitments';
COMMENT ON COLUMN data.log_mark.complete IS 'whether a table that is not listed has no rows';
COMMENT ON COLUMN data.log_mark.comparable IS 'of how many tables the log knows the beginning';
COMMENT ON COLUMN data.log_mark.tables IS 'of each table the number of its rows and a commitment to what they add up to';
SELECT kit.captured('data.log_mark');

ALTER TABLE data.drill
    ADD COLUMN compared_with  text NOT NULL DEFAULT 'source' CHECK (compared_with IN ('source', 'log')),
    ADD COLUMN not_comparable int;
COMMENT ON COLUMN data.drill.compared_with IS 'whether the copy is compared with the source or with the log of its changes';
COMMENT ON COLUMN data.drill.not_comparable IS 'how many tables the log can say nothing of';

-- Whoever asks for a comparison with the log is not answered by one with the source that waits.
DROP INDEX data.drill_one_queued;
CREATE UNIQUE INDEX drill_one_queued ON data.drill (cluster, cause, compared_with) WHERE state = 'queued';
