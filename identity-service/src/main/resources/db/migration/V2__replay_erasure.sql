-- After a restore of a moment before a tenant was erased it is closed again, by the same steps as the first time, as soon as the
-- service starts. One that did not exist yet stays closed, so that its id is not used again. Called by the restore before it lets
-- anybody in; runs as its owner and not as the superuser who calls it.
CREATE FUNCTION data.replay_erasure(tenant text, subject text, erased_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('elleve.tenant', tenant, true);
    IF subject IS NULL THEN
        INSERT INTO data.tenant AS kept (tenant_id, name, state, asked_at, closed_at)
        VALUES (tenant, '', 'closed', erased_at, erased_at)
        ON CONFLICT (tenant_id) DO UPDATE
        SET state = 'closing', closes_at = erased_at
        WHERE kept.state <> 'closed';
    END IF;
    RETURN jsonb_build_object('records', 0, 'keys', jsonb_build_array());
END $$;
REVOKE ALL ON FUNCTION data.replay_erasure(text, text, timestamptz) FROM PUBLIC;
