-- Batches whose status is not the one that their dates make it on the day.
--
-- Severity    fail
-- Reads       operations.batch_status
-- Parameters  :today  the day judged, in the report time zone (date)

SELECT held.batch_id
FROM operations.batch_status AS held
WHERE
    COALESCE(held.problem, '') NOT IN ('unparsable_date', 'end_before_start')
    AND (
        (held.end_on < :today AND held.status <> 2)
        OR (
            (held.end_on IS NULL OR held.end_on >= :today)
            AND (
                (held.start_on <= :today AND held.status <> 1)
                OR (held.start_on > :today AND held.status <> 0)
            )
        )
    )
