-- A message that was set aside can be put before its listener again: waiting, asked (somebody wants it replayed), replayed.

ALTER TABLE kit.set_aside
    ADD COLUMN key         text,
    ADD COLUMN state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'asked', 'replayed')),
    ADD COLUMN tries       int NOT NULL DEFAULT 0,
    ADD COLUMN replayed_at timestamptz;
CREATE INDEX ON kit.set_aside (id) WHERE state <> 'replayed';
