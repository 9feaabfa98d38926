-- A restore of a moment before an erasure brings back what was erased. Before the restored cluster lets anybody in, the restore
-- calls this for each erasure since. Runs as its owner and not as the superuser who calls it. The second time it finds nothing.
-- The tenant's own row says 'closed' from then on, so that no late event opens it again and makes it a new key.
CREATE FUNCTION data.replay_erasure(tenant text, subject text, erased_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys jsonb;
    gone bigint;
BEGIN
    IF subject IS NOT NULL THEN
        RAISE EXCEPTION 'tenant-data does not know how to erase a single person again';
    END IF;
    PERFORM set_config('elleve.tenant', tenant, true);
    SELECT coalesce(jsonb_agg(DISTINCT key_id), '[]') INTO keys FROM data.record WHERE tenant_id = tenant;
    DELETE FROM data.record_index WHERE tenant_id = tenant;
    DELETE FROM data.record WHERE tenant_id = tenant;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM data.collection WHERE tenant_id = tenant;
    DELETE FROM data.area WHERE tenant_id = tenant;
    INSERT INTO data.tenant AS kept (tenant_id, name, state, erased_records, closed_at, changed_at)
    VALUES (tenant, '', 'closed', gone, erased_at, erased_at)
    ON CONFLICT (tenant_id) DO UPDATE
    SET name = '', state = 'closed', erased_records = excluded.erased_records, closed_at = excluded.closed_at,
        changed_at = excluded.changed_at
    WHERE kept.state <> 'closed';
    RETURN jsonb_build_object('records', gone, 'keys', keys);
END $$;
REVOKE ALL ON FUNCTION data.replay_erasure(text, text, timestamptz) FROM PUBLIC;
