package dk.elleve.backup;

/// A database that keeps people of two tenants and knows how to erase one again, as a service's own does.
public final class ErasablePeople {

    public static final String[] TABLES = {
        "CREATE SCHEMA data",
        "CREATE TABLE data.person (tenant text, key_id text)",
        "INSERT INTO data.person SELECT 'o''brien', 'key-1' FROM generate_series(1, 7)",
        "INSERT INTO data.person SELECT 'other', 'key-2' FROM generate_series(1, 5)",
        """
        CREATE FUNCTION data.replay_erasure(erased text, subject text, erased_at timestamptz)
        RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER AS $$
        DECLARE keys jsonb; gone bigint;
        BEGIN
            IF subject IS NOT NULL THEN
                RAISE EXCEPTION 'persons are not known here';
            END IF;
            SELECT coalesce(jsonb_agg(DISTINCT key_id), '[]') INTO keys FROM data.person WHERE tenant = erased;
            DELETE FROM data.person WHERE tenant = erased;
            GET DIAGNOSTICS gone = ROW_COUNT;
            RETURN jsonb_build_object('records', gone, 'keys', keys);
        END $$
        """
    };

    private ErasablePeople() {}
}
