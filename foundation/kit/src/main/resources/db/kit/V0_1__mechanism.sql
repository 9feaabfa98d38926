-- What every service's database has beside its own tables. Schema kit is not captured into the audit log: nothing here is business.

CREATE TABLE kit.outbox (
    sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text NOT NULL UNIQUE,
    source      text NOT NULL,
    type        text NOT NULL,
    at          timestamptz NOT NULL,
    tenant      text,
    traceparent text,
    topic       text NOT NULL,
    key         text NOT NULL,
    body        bytea NOT NULL
);

CREATE TABLE kit.inbox (
    listener text NOT NULL,
    event_id text NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (listener, event_id)
);
CREATE INDEX ON kit.inbox (seen_at);

CREATE TABLE kit.set_aside (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic    text NOT NULL,
    position text NOT NULL,
    headers  text NOT NULL,
    body     bytea NOT NULL,
    reason   text NOT NULL,
    set_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, position)
);

CREATE TABLE kit.idempotency (
    caller     text NOT NULL,
    key        text NOT NULL,
    request    bytea NOT NULL,
    answer     text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX ON kit.idempotency (created_at);

-- The table that db-scheduler documents.
CREATE TABLE kit.scheduled_tasks (
    task_name            text NOT NULL,
    task_instance        text NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX ON kit.scheduled_tasks (execution_time);
CREATE INDEX ON kit.scheduled_tasks (last_heartbeat);

-- Says in the WAL which login changes a table, once per transaction: a change without an attribution still names its role.
-- Runs as its owner, so that a role without the right to emit cannot silence it by failing; session_user stays the login.
CREATE FUNCTION kit.tell_session() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('elleve.told', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_logical_emit_message(true, 'audit.session', json_build_object(
            'role', session_user,
            'application', current_setting('application_name', true),
            'address', coalesce(host(inet_client_addr()), 'socket'),
            'pid', pg_backend_pid())::text);
        PERFORM set_config('elleve.told', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$;

-- A business table's changes are seen by the audit log in full, with who was connected.
CREATE FUNCTION kit.captured(target regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', target);
    EXECUTE format('CREATE TRIGGER tell_session AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION kit.tell_session()', target);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER tell_session', target);
END $$;

-- A row is seen and written only in the name of its tenant. After a transaction the setting reads '', hence nullif.
CREATE FUNCTION kit.tenant_owned(target regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant_owned ON %s '
                   'USING (tenant_id = (SELECT nullif(current_setting(''elleve.tenant'', true), ''''))) '
                   'WITH CHECK (tenant_id = (SELECT nullif(current_setting(''elleve.tenant'', true), '''')))', target);
END $$;

-- The same for tables that the platform's own people read across tenants; a row without a tenant is the platform's.
CREATE FUNCTION kit.tenant_or_platform(target regclass) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant_or_platform ON %s '
                   'USING ((SELECT current_setting(''elleve.tenant'', true)) = ''*'' '
                   'OR tenant_id = (SELECT nullif(current_setting(''elleve.tenant'', true), ''''))) '
                   'WITH CHECK ((SELECT current_setting(''elleve.tenant'', true)) = ''*'' '
                   'OR tenant_id = (SELECT nullif(current_setting(''elleve.tenant'', true), '''')))', target);
END $$;
