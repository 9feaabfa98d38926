-- What 256 leaves hold that follow each other, so that who looks for something looks only where it may be. An index over the
-- leaves for each of these was written to with every leaf; this is one row for as many.
CREATE TABLE data.stretch (
    number     bigint PRIMARY KEY, -- of its leaves the index >> 8
    tenants    text[] NOT NULL,
    kinds      text[] NOT NULL,
    flags      text[] NOT NULL,
    actors     bytea[] NOT NULL,
    tables     bytea[] NOT NULL,
    first_time timestamptz NOT NULL,
    last_time  timestamptz NOT NULL
);
SELECT kit.captured('data.stretch');
REVOKE INSERT, UPDATE, DELETE ON data.stretch FROM audit_service;

-- Sums up these stretches as their leaves are now; the newest one grows and is summed up again and again. Whoever calls it
-- holds the log's lock, lest a sum of leaves as they were replaces a newer one.
CREATE FUNCTION data.sum_up(first bigint, last bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = data, pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('elleve.tenant', true) IS DISTINCT FROM '*' THEN
        RAISE EXCEPTION 'Only who sees all tenants'' leaves can sum them up' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO data.stretch (number, tenants, kinds, flags, actors, tables, first_time, last_time)
    SELECT number,
           coalesce(array_agg(DISTINCT tenant_id) FILTER (WHERE tenant_id IS NOT NULL), '{}'),
           array_agg(DISTINCT kind),
           coalesce(array_agg(DISTINCT flag) FILTER (WHERE flag IS NOT NULL), '{}'),
           array_agg(DISTINCT actor_index),
           array_agg(DISTINCT table_index),
           min(alike.first_time),
           max(alike.last_time)
    FROM (
        SELECT index >> 8 AS number, tenant_id, kind, flags, actor_index, table_index,
               min(time) AS first_time, max(time) AS last_time
        FROM data.leaf
        WHERE index >= first << 8 AND index < (last + 1) << 8
        GROUP BY index >> 8, tenant_id, kind, flags, actor_index, table_index) alike
    LEFT JOIN LATERAL unnest(flags) flag ON true
    GROUP BY number
    ON CONFLICT (number) DO UPDATE
    SET tenants = excluded.tenants, kinds = excluded.kinds, flags = excluded.flags,
        actors = excluded.actors, tables = excluded.tables,
        first_time = excluded.first_time, last_time = excluded.last_time;
END $$;
REVOKE ALL ON FUNCTION data.sum_up(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION data.sum_up(bigint, bigint) TO audit_service;
SELECT set_config('elleve.tenant', '*', true);
SELECT data.sum_up(0, max(index) >> 8)
FROM data.leaf
HAVING count(*) > 0;
CREATE INDEX stretch_holds ON data.stretch USING gin (tenants, kinds, flags, actors, tables) WITH (fastupdate = off);

DROP INDEX data.leaf_tenant_id_index_idx, data.leaf_kind_index_idx, data.leaf_flags_idx, data.leaf_actor_index_index_idx,
           data.leaf_table_index_index_idx;

-- What expires is found by nothing any more: where leaves change, their stretches are summed up anew.
CREATE FUNCTION data.sum_up_anew() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = data, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        -- The lock of whoever appends: another's leaves, and what another expires, are seen here or summed up after this.
        PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
        PERFORM data.sum_up(s.number, s.number)
        FROM data.stretch s
        WHERE s.number IN (SELECT index >> 8 FROM changed);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_up_anew AFTER UPDATE ON data.leaf
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION data.sum_up_anew();
