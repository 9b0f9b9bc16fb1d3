-- One row where the day has less than half the batches of the last day before it: the source was
-- cut off.
--
-- Severity    warn
-- Reads       metrics.collection_summary_daily
-- Parameters  :day  the day (date)

WITH counted AS (
    SELECT
        day,
        day = :day AS is_counted_now,
        COUNT(DISTINCT batch_id) AS batch_count
    FROM metrics.collection_summary_daily
    WHERE day <= :day
    GROUP BY day
    ORDER BY day DESC
    LIMIT 2
)

SELECT newest.batch_count
FROM counted AS newest
INNER JOIN counted AS earlier ON newest.day > earlier.day
WHERE newest.is_counted_now AND newest.batch_count * 2 < earlier.batch_count
