-- A case. Its facts are about people as kinds and numbers, never by name; what a person writes in free text stays here
-- and is not told on any topic. A case without a tenant is the platform's.
CREATE TABLE data.incident (
    id                 text PRIMARY KEY,
    tenant_id          text,
    kind               text NOT NULL,
    title              text,
    severity           text NOT NULL CHECK (severity IN ('low', 'medium', 'high')),
    state              text NOT NULL CHECK (state IN ('open', 'assessed', 'decided', 'notified', 'closed')),
    resource           text,
    attach_key         text UNIQUE,
    aware_at           timestamptz NOT NULL,
    occurred_at        timestamptz,
    opened_at          timestamptz NOT NULL,
    last_finding_at    timestamptz,
    findings           int NOT NULL DEFAULT 0,
    facts              jsonb NOT NULL,
    decided_at         timestamptz,
    decided_by         text,
    decision_authority boolean,
    decision_subjects  boolean,
    decision_reason    text,
    authority_told_at  timestamptz,
    closed_at          timestamptz,
    closed_by          text,
    effects            text,
    remedial_action    text,
    version            bigint NOT NULL
);
COMMENT ON COLUMN data.incident.attach_key IS 'findings with this key belong to this case; empty once it is decided';
COMMENT ON COLUMN data.incident.aware_at IS 'the 72 hours of GDPR Art. 33(1) count from here';
CREATE INDEX incident_newest ON data.incident (opened_at DESC, id DESC);
CREATE INDEX incident_of_tenant ON data.incident (tenant_id, opened_at DESC, id DESC);
SELECT kit.captured('data.incident');
SELECT kit.tenant_or_platform('data.incident');

-- Findings as they were heard. The id is the finder's: saying one twice makes one row.
CREATE TABLE data.finding (
    id          text PRIMARY KEY,
    tenant_id   text,
    incident_id text NOT NULL REFERENCES data.incident,
    source      text NOT NULL,
    kind        text NOT NULL,
    severity    text NOT NULL,
    resource    text NOT NULL,
    detected_at timestamptz NOT NULL,
    occurred_at timestamptz,
    heard_at    timestamptz NOT NULL,
    facts       jsonb NOT NULL
);
CREATE INDEX finding_of_incident ON data.finding (incident_id, heard_at DESC);
SELECT kit.captured('data.finding');
SELECT kit.tenant_or_platform('data.finding');

-- What happened in a case, only ever added to.
CREATE TABLE data.timeline (
    id          text PRIMARY KEY,
    incident_id text NOT NULL REFERENCES data.incident,
    tenant_id   text,
    at          timestamptz NOT NULL,
    kind        text NOT NULL,
    actor_kind  text NOT NULL,
    actor_id    text NOT NULL,
    detail      jsonb NOT NULL
);
CREATE INDEX timeline_of_incident ON data.timeline (incident_id, id);
SELECT kit.captured('data.timeline');
SELECT kit.tenant_or_platform('data.timeline');

-- A notice is a draft until its receipt proves that it was sent.
CREATE TABLE data.notice (
    incident_id       text NOT NULL REFERENCES data.incident,
    number            int NOT NULL,
    tenant_id         text,
    audience          text NOT NULL CHECK (audience IN ('authority', 'subjects', 'tenant')),
    text_da           text NOT NULL,
    text_en           text NOT NULL,
    created_at        timestamptz NOT NULL,
    created_by        text NOT NULL,
    sent_at           timestamptz,
    channel           text,
    reference         text,
    receipt_sha256    text,
    reason_for_delay  text,
    receipt_by        text,
    receipt_at        timestamptz,
    PRIMARY KEY (incident_id, number)
);
SELECT kit.captured('data.notice');
SELECT kit.tenant_or_platform('data.notice');

-- Mails to the data protection officer that are to be sent, and those that were. The address is a setting, not a row.
CREATE TABLE data.mail (
    id          text PRIMARY KEY,
    incident_id text NOT NULL REFERENCES data.incident,
    tenant_id   text,
    kind        text NOT NULL CHECK (kind IN ('opened', 'more')),
    created_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    attempts    int NOT NULL DEFAULT 0,
    last_error  text,
    sent_at     timestamptz
);
-- One mail that waits tells of everything that came until it leaves.
CREATE UNIQUE INDEX mail_one_waiting ON data.mail (incident_id) WHERE sent_at IS NULL;
CREATE INDEX mail_due ON data.mail (due_at) WHERE sent_at IS NULL;
SELECT kit.captured('data.mail');
SELECT kit.tenant_or_platform('data.mail');

-- Evidence is never rewritten.
REVOKE UPDATE, DELETE ON data.finding, data.timeline FROM breach_service;
REVOKE DELETE ON data.incident, data.notice, data.mail FROM breach_service;
