-- How many records went with a closed tenant: its erasure certificate says so.
ALTER TABLE data.tenant ADD COLUMN erased_records bigint;
