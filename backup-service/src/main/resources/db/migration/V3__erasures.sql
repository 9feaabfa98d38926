-- What was erased for good, and what a restore of an older moment has shown of it. The vault's erasure journal is the truth:
-- what it holds is taken in here.
CREATE TABLE data.erasure (
    id             text PRIMARY KEY,
    cluster        text NOT NULL,
    tenant         text NOT NULL,
    subject        text,
    key_id         text,
    records        bigint NOT NULL,
    erased_at      timestamptz NOT NULL,
    journaled_at   timestamptz NOT NULL,
    proven_by      text REFERENCES data.drill,
    proven_at      timestamptz,
    proven_records bigint
);
COMMENT ON COLUMN data.erasure.proven_by IS 'the drill that restored a moment before the erasure and found nothing that can be read';
COMMENT ON COLUMN data.erasure.proven_records IS 'how many records it found, sealed by a key that is gone';
CREATE INDEX erasure_newest ON data.erasure (erased_at DESC, id DESC);
CREATE INDEX erasure_waiting ON data.erasure (cluster, erased_at) WHERE proven_by IS NULL;
SELECT kit.captured('data.erasure');

ALTER TABLE data.drill
    ADD COLUMN erasures       int,
    ADD COLUMN erased_records bigint;
COMMENT ON COLUMN data.drill.erasures IS 'how many erasures since that moment were done again in the copy';
COMMENT ON COLUMN data.drill.erased_records IS 'how many records had come back, and went again';
