-- What was anchored outside the installation, by kind of place.
CREATE TABLE data.second_anchor (
    kind text PRIMARY KEY,
    size bigint NOT NULL, -- the newest tree that was anchored; 0 before the first
    at   timestamptz NOT NULL, -- when that was, or when it was first wanted
    next timestamptz NOT NULL -- not again before
);
SELECT kit.captured('data.second_anchor');
