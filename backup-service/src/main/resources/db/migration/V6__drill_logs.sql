-- A drill proves the audit log that came back: which, and how far.
ALTER TABLE data.drill ADD COLUMN logs jsonb;
COMMENT ON COLUMN data.drill.logs IS 'null: not looked at';
