-- After a failover a position may come again on another timeline, with other rows before it. A mark from before does not say on
-- which it was taken, and counts for the first: where the cluster has turned off that before the position, it is passed over.
ALTER TABLE data.content_mark
    ADD COLUMN timeline int;
-- By an update and not by the default alone: the log of changes must know each value that a table has. The default is for the
-- version before this one, which runs beside it during an update, and after a way back.
UPDATE data.content_mark
SET timeline = 1;
ALTER TABLE data.content_mark
    ALTER COLUMN timeline SET DEFAULT 1,
    ALTER COLUMN timeline SET NOT NULL,
    DROP CONSTRAINT content_mark_pkey,
    ADD PRIMARY KEY (cluster, timeline, position);
