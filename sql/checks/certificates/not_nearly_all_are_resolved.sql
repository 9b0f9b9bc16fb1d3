-- One row where most of what was open is gone in one night: the source was cut off.
--
-- Severity    fail
-- Reads       operations.missed_certificate
-- Parameters  :as_of  the night (timestamptz)

SELECT counted.resolved_count
FROM (
    SELECT
        COUNT(*) FILTER (WHERE state = 'resolved' AND decided_at = :as_of) AS resolved_count,
        COUNT(*) FILTER (
            WHERE
            state IN ('pending', 'held', 'approved', 'failed')
            AND first_seen_at < :as_of
        ) AS left_count
    FROM operations.missed_certificate
    WHERE source = 'nightly'
) AS counted
-- A few can be settled in one night by hand.
WHERE counted.resolved_count > 100 AND counted.resolved_count > 9 * counted.left_count
