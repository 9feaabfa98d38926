-- A drill whose process has died is taken up again, and not for ever.
ALTER TABLE data.drill ADD COLUMN starts int NOT NULL DEFAULT 0;
COMMENT ON COLUMN data.drill.starts IS 'how often a process has taken it up';
UPDATE data.drill SET starts = 1 WHERE started_at IS NOT NULL;
