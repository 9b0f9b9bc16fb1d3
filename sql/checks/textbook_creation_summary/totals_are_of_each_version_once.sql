-- Totals of all that are not the number of different versions listed by their publishers.
--
-- Severity    fail
-- Reads       metrics.textbook_creation_summary, metrics.textbook_creation
-- Parameters  :week_on  the week that is published

WITH listed AS (
    SELECT count(DISTINCT version_id) AS version_count
    FROM metrics.textbook_creation
    WHERE week_on = :week_on AND ownership = 'own'
),

total AS (
    SELECT live_count + review_count + draft_count AS version_count
    FROM metrics.textbook_creation_summary
    WHERE
        week_on = :week_on
        AND owner_scope = 'overall'
        AND ownership = 'all'
        AND dimension = 'total'
)

SELECT listed.version_count
FROM listed
LEFT JOIN total ON listed.version_count = total.version_count
WHERE total.version_count IS NULL
