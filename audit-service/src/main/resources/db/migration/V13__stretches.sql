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

-- What nothing is said of any more is not found by it either: as before, and the stretches are summed up without it.
CREATE OR REPLACE FUNCTION data.expire_entries(at_most int) RETURNS TABLE (tenant text, class text, entries bigint, newest timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = data, pg_catalog, pg_temp AS $$
DECLARE
    taken   record;
    touched bigint[] := '{}';
BEGIN
    FOR taken IN
        WITH rule AS (
            SELECT DISTINCT ON (r.tenant_id, r.class) r.tenant_id, r.class, r.period
            FROM data.retention_rule r
            WHERE r.in_force <= now()
            ORDER BY r.tenant_id, r.class, r.at DESC, r.id DESC
        ), held AS (
            SELECT h.tenant_id, coalesce(h.from_time, '-infinity') AS from_time, coalesce(h.to_time, 'infinity') AS to_time
            FROM data.legal_hold h
            WHERE NOT EXISTS (SELECT FROM data.legal_hold_end e WHERE e.hold = h.id)
        ), due AS (
            SELECT e.id
            FROM data.entry e
            JOIN data.leaf l ON l.entry_id = e.id
            LEFT JOIN rule own ON own.tenant_id = e.tenant_id AND own.class = data.class_of(e.kind)
            LEFT JOIN rule all_of ON all_of.tenant_id IS NULL AND all_of.class = data.class_of(e.kind)
            WHERE e.payload IS NOT NULL
              AND e.time < now() - interval '30 days'
              AND e.time < now() - CASE WHEN own.class IS NOT NULL THEN own.period ELSE all_of.period END
              AND NOT EXISTS (
                  SELECT FROM held h
                  WHERE (h.tenant_id IS NULL OR h.tenant_id = e.tenant_id)
                    AND e.time >= h.from_time AND e.time < h.to_time)
            ORDER BY e.time
            LIMIT at_most
            FOR UPDATE OF e SKIP LOCKED
        ), gone AS (
            UPDATE data.entry e
            SET payload = NULL, actor_index = '', resource_index = '', table_index = ''
            FROM due
            WHERE e.id = due.id
            RETURNING e.id, e.event_id, e.tenant_id, e.kind, e.time
        ), unfound AS (
            DELETE FROM data.about a USING gone WHERE a.event_id = gone.event_id
        ), unindexed AS (
            UPDATE data.leaf l
            SET actor_index = '', resource_index = '', table_index = ''
            FROM gone
            WHERE l.entry_id = gone.id
            RETURNING l.entry_id, l.index
        )
        SELECT gone.tenant_id, data.class_of(gone.kind) AS class, count(*) AS entries, max(gone.time) AS newest,
               array_agg(DISTINCT u.index >> 8) AS stretches
        FROM gone
        JOIN unindexed u ON u.entry_id = gone.id
        GROUP BY gone.tenant_id, data.class_of(gone.kind)
    LOOP
        tenant := taken.tenant_id;
        class := taken.class;
        entries := taken.entries;
        newest := taken.newest;
        RETURN NEXT;
        touched := touched || taken.stretches;
    END LOOP;
    -- The lock of whoever appends: another's leaves, and what another expires, are seen here or sum up after this.
    PERFORM pg_advisory_xact_lock(hashtext('audit.log'));
    PERFORM data.sum_up(s.number, s.number) FROM data.stretch s WHERE s.number = ANY (touched) ORDER BY s.number;
END
$$;
