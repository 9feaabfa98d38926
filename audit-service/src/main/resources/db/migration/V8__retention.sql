-- How long what entries say is kept. Their leaves stay for good, so that every proof goes on verifying.

-- A tenant's own rules stand before the platform's (no tenant). Rows are added and never changed; of those in force the
-- one that was decided last counts, so that a rule can be taken back before it is. No period: for good.
CREATE TABLE data.retention_rule (
    id         uuid PRIMARY KEY,
    tenant_id  text,
    class      text NOT NULL CHECK (class IN ('changes', 'accesses', 'reads', 'logins')),
    period     interval CHECK (period >= interval '30 days'),
    said       text, -- the period as it was given
    in_force   timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX ON data.retention_rule (tenant_id, class, at);
SELECT kit.captured('data.retention_rule');
SELECT kit.tenant_or_platform('data.retention_rule');

-- Whoever wants traces gone has to wait for a week, in which the rule is seen. By the database's own clock.
CREATE FUNCTION data.with_notice() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.period IS NOT NULL AND NEW.in_force < now() + interval '7 days' - interval '1 minute' THEN
        RAISE EXCEPTION 'A rule of retention comes into force after seven days' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER with_notice BEFORE INSERT ON data.retention_rule
    FOR EACH ROW EXECUTE FUNCTION data.with_notice();

-- What a dispute or an authority needs is kept, whatever the rules say. No tenant: everybody's.
CREATE TABLE data.legal_hold (
    id         uuid PRIMARY KEY,
    tenant_id  text,
    reason     text NOT NULL,
    from_time  timestamptz,
    to_time    timestamptz,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX ON data.legal_hold (at, id);
SELECT kit.captured('data.legal_hold');
SELECT kit.tenant_or_platform('data.legal_hold');

CREATE TABLE data.legal_hold_end (
    hold       uuid PRIMARY KEY REFERENCES data.legal_hold,
    tenant_id  text,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    at         timestamptz NOT NULL
);
SELECT kit.captured('data.legal_hold_end');
SELECT kit.tenant_or_platform('data.legal_hold_end');

REVOKE UPDATE, DELETE ON data.retention_rule, data.legal_hold, data.legal_hold_end FROM audit_service;

ALTER TABLE data.entry ALTER COLUMN payload DROP NOT NULL;
CREATE INDEX entry_expires ON data.entry (time) WHERE payload IS NOT NULL;

CREATE FUNCTION data.class_of(kind text) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN kind IN ('insert', 'update', 'delete', 'truncate', 'ddl') THEN 'changes'
        WHEN kind = 'access' THEN 'accesses'
        WHEN kind = 'read' THEN 'reads'
        WHEN kind = 'login' THEN 'logins'
    END
$$;

-- Takes away what the oldest entries say that the rules say of to take away, by the database's own clock. The service may
-- do this and nothing else to an entry: no other caller, and no parameter, makes it take away more.
CREATE FUNCTION data.expire_entries(at_most int) RETURNS TABLE (tenant text, class text, entries bigint, newest timestamptz)
    LANGUAGE sql SECURITY DEFINER SET search_path = data, pg_catalog, pg_temp AS $$
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
        RETURNING l.entry_id
    )
    SELECT gone.tenant_id, data.class_of(gone.kind), count(*), max(gone.time)
    FROM gone
    JOIN unindexed u ON u.entry_id = gone.id
    GROUP BY gone.tenant_id, data.class_of(gone.kind)
$$;
REVOKE ALL ON FUNCTION data.expire_entries(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION data.expire_entries(int) TO audit_service;
