-- One row where this run would drop more batches than it keeps: the source was cut off, and the
-- courses would be told that they have none.
--
-- Severity    fail
-- Reads       operations.batch_status_change, operations.batch_status
-- Parameters  :now  when this run writes (timestamptz)

SELECT gone.batch_count
FROM (
    SELECT COUNT(*) AS batch_count
    FROM operations.batch_status_change
    WHERE
        written_at = :now
        AND reason = 'removed'
) AS gone
WHERE gone.batch_count > (SELECT COUNT(*) FROM operations.batch_status)
