-- What comes back after a message was sent, and how long answers took.
--
-- Makes       operations.suppression, metrics.exhaust_minutes; two more states of a delivery.
-- Undone by   0002_bounces.down.sql

ALTER TABLE operations.delivery DROP CONSTRAINT delivery_status_check;

ALTER TABLE operations.delivery ADD CONSTRAINT delivery_status_check CHECK (
    status IN (
        'pending', 'sending', 'sent', 'failed', 'held', 'undeliverable', 'obsolete'
    )
);

CREATE TABLE operations.suppression (
    address_sha256 text PRIMARY KEY,
    reason text NOT NULL,
    since timestamp with time zone NOT NULL
);

-- What was promised is counted from the asking to the mail server's yes.
CREATE VIEW metrics.exhaust_minutes AS
SELECT
    delivery.tag,
    delivery.request_id,
    delivery.kind AS answer,
    delivery.sent_at,
    delivery.facts ->> 'job_id' AS job_id,
    (delivery.facts ->> 'requested_at')::timestamp with time zone AS requested_at,
    round(
        extract(
            EPOCH FROM delivery.sent_at
            - (delivery.facts ->> 'requested_at')::timestamp with time zone
        ) / 60, 2
    )::double precision AS minutes
FROM operations.delivery AS delivery
WHERE
    delivery.kind IN ('exhaust_ready', 'exhaust_failed')
    AND delivery.sent_at IS NOT NULL
    AND delivery.facts ->> 'requested_at' IS NOT NULL;

COMMENT ON VIEW metrics.exhaust_minutes IS
'one row per answer sent: minutes from the asking to the mail server''s yes';
