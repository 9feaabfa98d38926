CREATE TABLE data.thing (
    tenant_id text NOT NULL,
    id        text NOT NULL,
    note      text NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
SELECT kit.captured('data.thing');
SELECT kit.tenant_owned('data.thing');

CREATE TABLE data.heard (
    event_id  text NOT NULL,
    incident  text NOT NULL,
    PRIMARY KEY (event_id)
);
SELECT kit.captured('data.heard');
