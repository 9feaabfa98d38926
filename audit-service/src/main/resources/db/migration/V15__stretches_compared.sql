-- What stretches should say, by their leaves as they are: for whoever sums them up, and for whoever compares.
CREATE FUNCTION data.sums(first bigint, last bigint) RETURNS SETOF data.stretch
    LANGUAGE sql STABLE AS $$
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
$$;
REVOKE ALL ON FUNCTION data.sums(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION data.sums(bigint, bigint) TO audit_service;

CREATE OR REPLACE FUNCTION data.sum_up(first bigint, last bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = data, pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('elleve.tenant', true) IS DISTINCT FROM '*' THEN
        RAISE EXCEPTION 'Only who sees all tenants'' leaves can sum them up' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO data.stretch (number, tenants, kinds, flags, actors, tables, first_time, last_time)
    SELECT number, tenants, kinds, flags, actors, tables, first_time, last_time
    FROM data.sums(first, last)
    ON CONFLICT (number) DO UPDATE
    SET tenants = excluded.tenants, kinds = excluded.kinds, flags = excluded.flags,
        actors = excluded.actors, tables = excluded.tables,
        first_time = excluded.first_time, last_time = excluded.last_time;
END $$;
