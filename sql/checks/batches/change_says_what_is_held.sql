-- Changes of this run that say another status than the one that the batch has now.
--
-- Severity    fail
-- Reads       operations.batch_status_change, operations.batch_status
-- Parameters  :now  when this run writes (timestamptz)

SELECT changed.change_id
FROM operations.batch_status_change AS changed
WHERE
    changed.written_at = :now
    AND changed.change_id = (
        SELECT MAX(newest.change_id)
        FROM operations.batch_status_change AS newest
        WHERE newest.batch_id = changed.batch_id
    )
    AND changed.to_status IS DISTINCT FROM (
        SELECT held.status
        FROM operations.batch_status AS held
        WHERE held.batch_id = changed.batch_id
    )
