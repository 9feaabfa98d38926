-- How far each receiver of the log has been sent it, by index; -1 is before the first entry.
CREATE TABLE data.siem_position (
    destination text PRIMARY KEY,
    sent        bigint NOT NULL, -- given to the connection; what came after `resume` may lie in a buffer still, and be lost with it
    resume      bigint NOT NULL, -- the next connection sends what comes after
    CHECK (-1 <= resume AND resume <= sent)
);
SELECT kit.captured('data.siem_position');
