-- Bounces, undone: suppressed addresses may be mailed again.
--
-- Keeps       Every delivery; one in a state that there was not before counts as failed.

DROP VIEW IF EXISTS metrics.exhaust_minutes;

DROP TABLE IF EXISTS operations.suppression;

UPDATE operations.delivery
SET status = 'failed'
WHERE status IN ('undeliverable', 'obsolete');

ALTER TABLE operations.delivery DROP CONSTRAINT delivery_status_check;

ALTER TABLE operations.delivery ADD CONSTRAINT delivery_status_check CHECK (
    status IN ('pending', 'sending', 'sent', 'failed', 'held')
);
