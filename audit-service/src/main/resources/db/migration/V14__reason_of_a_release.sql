-- Why a hold ended, as a word. What ended before has none.
ALTER TABLE data.legal_hold_end ADD COLUMN reason text;
