-- A statement of its own: a slot cannot be made in a transaction that has written.

SELECT pg_create_logical_replication_slot('audit_${database}', 'pgoutput', false, false, true)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = 'audit_${database}');
