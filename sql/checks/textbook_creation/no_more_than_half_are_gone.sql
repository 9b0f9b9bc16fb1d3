-- One row where more than half of last week's live textbooks, of ten or more, are gone: the source
-- was cut off.
--
-- Severity    fail
-- Reads       metrics.textbook_creation
-- Parameters  :week_on  the week that is published

WITH live AS (
    SELECT
        textbook_id,
        bool_or(week_on = :week_on - 7) AS was_there,
        bool_or(week_on = :week_on) AS is_there
    FROM metrics.textbook_creation
    WHERE
        week_on IN (:week_on, :week_on - 7)
        AND ownership = 'own'
        AND status = 'Live'
    GROUP BY textbook_id
),

counted AS (
    SELECT
        count(*) FILTER (WHERE was_there) AS before_count,
        count(*) FILTER (WHERE was_there AND NOT is_there) AS gone_count
    FROM live
)

SELECT gone_count
FROM counted
WHERE before_count >= 10 AND gone_count * 2 > before_count
